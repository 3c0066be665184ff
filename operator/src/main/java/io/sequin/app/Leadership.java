package io.sequin.app;

import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.sequin.loop.RunPermit;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether this process leads; the permit of all loops. Once lost it never comes back: the process ends. */
final class Leadership implements RunPermit {
    private static final Logger LOG = LoggerFactory.getLogger(Leadership.class);

    private enum State {
        STANDBY,
        LEADING,
        /** Leading, and about to let go: what is under way may end. */
        RESIGNING,
        OVER
    }

    private final AtomicReference<State> state = new AtomicReference<>(State.STANDBY);
    private final Runnable lost;

    /**
     * @param lost called on the elector's thread when the Lease was lost against our will; must return at once
     */
    Leadership(Runnable lost) {
        this.lost = lost;
    }

    LeaderCallbacks callbacks() {
        return new LeaderCallbacks(this::begin, this::end, holder -> {});
    }

    @Override
    public boolean granted() {
        State now = state.get();
        return now == State.LEADING || now == State.RESIGNING;
    }

    /** This process is about to stop of its own will. */
    void resign() {
        state.compareAndSet(State.STANDBY, State.OVER);
        state.compareAndSet(State.LEADING, State.RESIGNING);
    }

    private void begin() {
        if (state.compareAndSet(State.STANDBY, State.LEADING)) {
            LOG.info("leading");
        }
    }

    private void end() {
        if (state.getAndSet(State.OVER) == State.LEADING) {
            LOG.error("the Lease was lost: this process ends");
            lost.run();
        }
    }
}

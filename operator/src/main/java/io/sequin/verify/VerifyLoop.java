package io.sequin.verify;

import io.sequin.loop.LoopBody;
import io.sequin.loop.StopReason;
import io.sequin.loop.Turn;
import java.time.InstantSource;
import java.util.function.Consumer;

/** A Destination's loop: each turn is one verification. Holds nothing between turns. */
final class VerifyLoop implements LoopBody {
    private final DestinationPlan plan;
    private final Prober prober;
    private final VerifySchedule schedule;
    private final InstantSource clock;
    private final Consumer<DestinationSnapshot> publish;

    VerifyLoop(
            DestinationPlan plan,
            Prober prober,
            VerifySchedule schedule,
            InstantSource clock,
            Consumer<DestinationSnapshot> publish) {
        this.plan = plan;
        this.prober = prober;
        this.schedule = schedule;
        this.clock = clock;
        this.publish = publish;
    }

    /** A changed Secret, or somebody who asks. The limit of refused logins holds all the same. */
    @Override
    public void woken() {
        schedule.changed();
    }

    @Override
    public Turn turn() throws InterruptedException {
        DestinationSnapshot verdict = Verdict.of(prober.observe(plan.settings()));
        publish.accept(verdict);
        return new Turn(schedule.after(verdict, clock.instant()));
    }

    @Override
    public void close(StopReason reason) {
        // nothing is held between turns
    }
}

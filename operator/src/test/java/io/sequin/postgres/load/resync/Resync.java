package io.sequin.postgres.load.resync;

import io.sequin.data.Change;
import io.sequin.data.Checkpoint;
import io.sequin.data.DeleteGuard;
import io.sequin.data.LaneId;
import io.sequin.data.Scope;
import io.sequin.postgres.load.Batch;
import io.sequin.postgres.load.Committed;
import io.sequin.postgres.load.DestinationSession;
import io.sequin.postgres.load.LaneState;
import io.sequin.postgres.load.Passes;
import io.sequin.postgres.load.Stripe;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A full pass over one table of a session, driven by hand. */
final class Resync {
    static final LaneId LANE = new LaneId("resync:backfill:charge");

    private final DestinationSession session;
    private final String table;
    private LaneState at;

    /** Begins it. */
    Resync(DestinationSession session, String table) {
        this.session = session;
        this.table = table;
        this.at = session.passes().start(LANE, Passes.Listing.of(Set.of(table)), Stripe.START);
    }

    /** As another caller finds it. */
    static Passes.Resumed.Going going(DestinationSession session) {
        return (Passes.Resumed.Going) session.passes().resume(LANE, Passes.Listing.of(Set.of("charge")));
    }

    /** A page of it. */
    Committed page(List<? extends Change> changes) {
        Committed committed = session.commit(batch(LANE, at, changes));
        at = committed.lane();
        return committed;
    }

    static Batch batch(LaneId lane, LaneState at, List<? extends Change> changes) {
        Checkpoint next = Stripe.checkpoint(at.seq() + 1);
        return new Batch(lane, at.seq(), next, List.copyOf(changes), Map.of(), Map.of());
    }

    Resync complete() {
        session.passes().complete(LANE);
        return this;
    }

    Passes.Swept sweep(DeleteGuard guard) {
        return sweep(guard, Map.of());
    }

    /** Sweeps until nothing is left, or it may not go on. */
    Passes.Swept sweep(DeleteGuard guard, Map<String, Scope> scopes) {
        Passes.Swept swept;
        do {
            swept = session.passes().sweep(new Passes.Sweep(LANE, table, scopes, guard));
        } while (goesOn(swept));
        return swept;
    }

    /** Whether there is more to look at. */
    static boolean goesOn(Passes.Swept swept) {
        return swept instanceof Passes.Swept.Some || swept instanceof Passes.Swept.More;
    }

    /** The first that is not just a look at some rows. */
    static Passes.Swept next(DestinationSession session, Passes.Sweep sweep) {
        Passes.Swept swept;
        do {
            swept = session.passes().sweep(sweep);
        } while (swept instanceof Passes.Swept.More);
        return swept;
    }
}

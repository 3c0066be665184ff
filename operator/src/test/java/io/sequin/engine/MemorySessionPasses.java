package io.sequin.engine;

import io.sequin.data.Checkpoint;
import io.sequin.data.LaneId;
import io.sequin.data.ResyncRequest;
import io.sequin.data.RowKey;
import io.sequin.postgres.load.LaneState;
import io.sequin.postgres.load.Passes;
import io.sequin.postgres.load.ResyncState;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Full passes of a {@link MemoryDatabase} as one of its sessions sees them.
 *
 * @param fence throws where another session has it
 */
record MemorySessionPasses(MemoryDatabase database, Runnable fence) implements Passes {
    @Override
    public ResyncState request(Optional<ResyncRequest> asked, Set<String> filled) {
        return in("request", () -> database.passes.request(asked, filled));
    }

    @Override
    public void forget(Set<String> over) {
        in("forget", () -> {
            database.passes.forget(over);
            return true;
        });
    }

    @Override
    public boolean isWhole(LaneId lane) {
        return in("whole " + lane, () -> database.passes.isWhole(lane));
    }

    @Override
    public LaneState start(LaneId lane, Passes.Listing over, Checkpoint start) {
        return in("start " + lane, () -> database.passes.start(lane, over, start));
    }

    @Override
    public Resumed resume(LaneId lane, Listing over) {
        return in("resume " + lane, () -> database.passes.resume(lane, over));
    }

    @Override
    public void complete(LaneId lane) {
        in("complete " + lane, () -> {
            database.passes.complete(lane);
            return true;
        });
    }

    @Override
    public Swept sweep(Sweep sweep) {
        return in("sweep " + sweep.table(), () -> database.passes.sweep(sweep, database.clock.instant()));
    }

    @Override
    public void asked(LaneId lane, String table, RowKey last) {
        in("asked " + table, () -> {
            database.passes.asked(lane, table, last);
            return true;
        });
    }

    @Override
    public ResyncState finish(LaneId lane, Set<String> over) {
        return in("finish " + lane, () -> database.passes.finish(lane, over));
    }

    private <T> T in(String point, Supplier<T> work) {
        database.faults.at(point);
        T done;
        synchronized (database) {
            fence.run();
            done = work.get();
        }
        database.faults.at(point + " answered");
        return done;
    }
}

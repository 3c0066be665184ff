package io.sequin.engine.loop;

import io.sequin.engine.SyncPlan;
import io.sequin.engine.SyncSnapshot;
import io.sequin.engine.parts.EngineParts;
import io.sequin.loop.LoopBody;
import io.sequin.loop.RunPermit;
import io.sequin.loop.StopReason;
import io.sequin.loop.Turn;
import java.time.Duration;
import java.util.function.Consumer;

/** A suspended Sync: does nothing, but lets go of its schema when it is deleted. */
final class RestLoop implements LoopBody {
    private static final Turn AT_REST = new Turn(Duration.ofHours(1));

    private final SyncPlan plan;
    private final EngineParts parts;
    private final RunPermit permit;
    private final Consumer<SyncSnapshot> publish;

    RestLoop(SyncPlan plan, EngineParts parts, RunPermit permit, Consumer<SyncSnapshot> publish) {
        this.plan = plan;
        this.parts = parts;
        this.permit = permit;
        this.publish = publish;
    }

    @Override
    public Turn turn() {
        publish.accept(SyncSnapshot.NOTHING_KNOWN);
        return AT_REST;
    }

    @Override
    public void close(StopReason reason) {
        if (reason == StopReason.REMOVED && permit.granted()) {
            new SchemaRelease(plan, parts).run();
        }
    }
}

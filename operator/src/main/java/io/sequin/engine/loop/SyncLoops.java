package io.sequin.engine.loop;

import io.sequin.data.ResourceKey;
import io.sequin.engine.SyncPlan;
import io.sequin.engine.SyncSnapshot;
import io.sequin.engine.parts.EngineParts;
import io.sequin.loop.LoopBody;
import io.sequin.loop.LoopFactory;
import io.sequin.loop.RunPermit;
import java.util.function.Consumer;

/** Makes the loops of Syncs. */
public final class SyncLoops implements LoopFactory<ResourceKey, SyncPlan, SyncSnapshot> {
    private final EngineParts parts;

    public SyncLoops(EngineParts parts) {
        this.parts = parts;
    }

    @Override
    public LoopBody create(ResourceKey key, SyncPlan plan, RunPermit permit, Consumer<SyncSnapshot> publish) {
        return switch (plan.work()) {
            case SYNC -> new SyncLoop(plan, parts, permit, publish);
            case REST -> new RestLoop(plan, parts, permit, publish);
            case DROP -> new DropLoop(plan, parts, permit, publish);
        };
    }
}

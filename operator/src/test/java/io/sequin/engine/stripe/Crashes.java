package io.sequin.engine.stripe;

import io.sequin.data.ResourceKey;
import io.sequin.loop.LoopListener;
import java.util.List;

/**
 * Keeps why loops crashed.
 *
 * @param all safe for threads
 */
record Crashes(List<Throwable> all) implements LoopListener<ResourceKey> {
    @Override
    public void changed(ResourceKey changed) {}

    @Override
    public void crashed(ResourceKey of, Throwable error, int consecutive) {
        all.add(error);
    }
}

package io.sequin.loop;

import java.util.function.Consumer;

/**
 * A snapshot and the plan it is about, so that the verdict on an earlier plan is never taken for that of a later one.
 *
 * @param <P> the plan
 * @param <S> the snapshot
 */
public record Versioned<P, S>(P plan, S snapshot) {
    /**
     * A factory whose snapshots carry their plan.
     *
     * @param changed told after each publication; must return at once
     */
    public static <K, P, S> LoopFactory<K, P, Versioned<P, S>> factory(
            LoopFactory<K, P, S> factory, Published<K, S> changed) {
        return (key, plan, permit, publish) -> {
            Consumer<S> inner = snapshot -> {
                publish.accept(new Versioned<>(plan, snapshot));
                changed.published(key, snapshot);
            };
            return factory.create(key, plan, permit, inner);
        };
    }

    /** Hears of each new snapshot. */
    @FunctionalInterface
    public interface Published<K, S> {
        void published(K key, S snapshot);
    }
}

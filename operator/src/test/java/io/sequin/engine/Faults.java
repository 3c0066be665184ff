package io.sequin.engine;

/** Where a model asks whether to fail; throws to fail. */
@FunctionalInterface
public interface Faults {
    Faults NONE = point -> {};

    /**
     * Called before the work at a point.
     *
     * @param point such as {@code read backfill:a}, {@code fetch a}, {@code commit events}, {@code committed events}
     */
    void at(String point);
}

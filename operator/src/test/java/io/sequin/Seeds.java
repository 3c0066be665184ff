package io.sequin;

import java.util.List;
import java.util.Random;

/** Where random tests get their randomness: each prints the seed that repeats it with {@code -Dseed=}. */
public final class Seeds {
    private Seeds() {}

    /** A seed: the one asked for, or another each time. Says so. */
    public static long seed(Class<?> test) {
        long seed = Long.getLong("seed", new Random().nextLong());
        System.out.println(test.getSimpleName() + ": repeat with -Dseed=" + seed);
        return seed;
    }

    /** For tests that are quick: the one seed asked for, or so many of them, {@code -Dseeds=} where set. Says them. */
    public static List<Long> some(Class<?> test, int usually) {
        Long one = Long.getLong("seed");
        List<Long> seeds = one == null
                ? new Random()
                        .longs(Integer.getInteger("seeds", usually))
                        .boxed()
                        .toList()
                : List.of(one);
        System.out.println(test.getSimpleName() + ": repeat one with -Dseed=: " + seeds);
        return seeds;
    }

    /** Random numbers by {@link #seed}. */
    public static Random random(Class<?> test) {
        return new Random(seed(test));
    }
}

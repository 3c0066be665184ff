package io.sequin;

import java.util.stream.IntStream;

/** How much of the costly tests runs: a part in {@code mvn verify}, all of it with {@code -Pfull}. */
public final class Thoroughness {
    /** All of it. */
    public static final boolean FULL = Boolean.getBoolean("full");

    private Thoroughness() {}

    /** Postgres versions of the tests that break things: the oldest and the newest, or those with a way of their own too. */
    public static IntStream majors() {
        return FULL ? IntStream.of(10, 14, 15, 18) : IntStream.of(10, 18);
    }

    /** A number of rounds. */
    public static int rounds(int usually, int inFull) {
        return FULL ? inFull : usually;
    }
}

package io.sequin;

import io.sequin.testkit.postgres.PostgresServer;
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

    /**
     * Versions for one of several ways to break things: all of them, or two, other ones for each way, so that each meets
     * one that merges by MERGE and one that does not.
     *
     * @param way its number
     */
    public static IntStream majors(int way) {
        return switch (FULL ? -1 : way % 4) {
            case 0 -> IntStream.of(10, 18);
            case 1 -> IntStream.of(14, 15);
            case 2 -> IntStream.of(10, 15);
            case 3 -> IntStream.of(14, 18);
            default -> IntStream.of(10, 14, 15, 18);
        };
    }

    /** The server of a version that tests share: with all of it one that keeps what it has committed. */
    public static PostgresServer server(int major) {
        return FULL ? PostgresServer.sharedDurable(major) : PostgresServer.shared(major);
    }

    /** A number of rounds. */
    public static int rounds(int usually, int inFull) {
        return FULL ? inFull : usually;
    }
}

package io.sequin.postgres.load.row;

import io.sequin.data.RowKey;
import java.nio.charset.StandardCharsets;

/**
 * How long a key may be. An index takes 2,704 bytes (nbtree's third of a page), in the tables of our state with the name
 * of the key's table; what is nearly that long would be refused by one of them and not by another. No source that we know
 * has ids of such a length.
 */
public final class KeyLength {
    /** In bytes of UTF-8, all parts together. */
    public static final int MOST = 2_000;

    /** A character has three bytes at most, but for those that are two. */
    private static final int BYTES_OF_CHAR = 3;

    private KeyLength() {}

    /** Whether no row can have it. */
    public static boolean isTooLong(RowKey key) {
        int characters = 0;
        for (String part : key.parts()) {
            characters += part.length();
        }
        return characters > MOST / BYTES_OF_CHAR
                && key.parts().stream()
                                .mapToInt(part -> part.getBytes(StandardCharsets.UTF_8).length)
                                .sum()
                        > MOST;
    }
}

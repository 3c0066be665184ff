package io.sequin.postgres;

import java.nio.charset.StandardCharsets;

/** The one place where names become part of SQL text. */
public final class Identifier {
    /** Longest name Postgres keeps, in bytes (NAMEDATALEN - 1); it cuts longer ones with only a notice. */
    public static final int MAX_BYTES = 63;

    private Identifier() {}

    /**
     * The name as a quoted identifier.
     *
     * @throws IllegalArgumentException for an empty name, one with a NUL, or one of more than 63 bytes
     */
    public static String quote(String name) {
        if (name.isEmpty() || name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a Postgres identifier is neither empty nor contains NUL");
        }
        if (name.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            throw new IllegalArgumentException("a Postgres identifier has at most 63 bytes: " + name);
        }
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /** Whether Postgres can have something of this name: not empty, no NUL, at most 63 bytes. */
    public static boolean isValid(String name) {
        return !name.isEmpty() && name.indexOf('\0') < 0 && name.getBytes(StandardCharsets.UTF_8).length <= MAX_BYTES;
    }

    /** {@code "schema"."name"}. */
    public static String quote(String schema, String name) {
        return quote(schema) + '.' + quote(name);
    }
}

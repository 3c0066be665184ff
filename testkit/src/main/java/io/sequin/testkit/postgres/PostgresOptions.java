package io.sequin.testkit.postgres;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * How a {@link PostgresServer} is set up. Immutable; each method returns a changed copy.
 *
 * @param durable fsync, synchronous_commit and full_page_writes on; off by default, which is faster but loses data in a
 *     crash of the machine
 * @param tlsRequired connections without TLS are refused; by default both kinds are served
 * @param settings more lines of postgresql.conf, by name
 */
public record PostgresOptions(boolean durable, boolean tlsRequired, Map<String, String> settings) {
    private static final Set<String> SET_BY_LIBRARY =
            Set.of("fsync", "synchronous_commit", "max_connections", "timezone");

    /** Copies the settings. */
    public PostgresOptions {
        settings = Map.copyOf(settings);
    }

    /** Fast and not crash-safe, TLS offered. */
    public static PostgresOptions standard() {
        return new PostgresOptions(false, false, Map.of());
    }

    /** With everything on that a crash test or a benchmark needs; the server does not start where it says otherwise. */
    public PostgresOptions withDurability() {
        return new PostgresOptions(true, tlsRequired, settings);
    }

    /** Refuses connections without TLS. */
    public PostgresOptions withTlsRequired() {
        return new PostgresOptions(durable, true, settings);
    }

    /** Writes every statement to the server's log, see {@link PostgresServer#log()}. */
    public PostgresOptions withStatementLog() {
        return withSetting("log_statement", "all");
    }

    /** Adds a line to postgresql.conf; {@code value} is quoted by us. */
    public PostgresOptions withSetting(String name, String value) {
        Map<String, String> more = new TreeMap<>(settings);
        more.put(name, value);
        return new PostgresOptions(durable, tlsRequired, more);
    }

    /** What must go to the command line, because the library sets another value there. */
    Map<String, String> commandLine() {
        Map<String, String> winning = new TreeMap<>(settings);
        winning.keySet().retainAll(SET_BY_LIBRARY);
        if (durable) {
            winning.put("fsync", "on");
            winning.put("synchronous_commit", "on");
        }
        return winning;
    }
}

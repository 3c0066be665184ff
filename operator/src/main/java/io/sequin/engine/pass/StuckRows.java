package io.sequin.engine.pass;

import io.sequin.data.Change;
import io.sequin.data.RowKey;
import io.sequin.engine.fetch.Unanswered;
import io.sequin.engine.parts.EngineParts;
import io.sequin.engine.trouble.Retry;
import io.sequin.engine.trouble.Trouble;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Dirty keys of rows that the source does not answer for, though it does for others of their table: the table goes on, and
 * they are asked for again after a backoff of their own. In memory: a new process finds them again. Safe for threads.
 */
final class StuckRows {
    /** With more it is no longer about single rows. */
    static final int MOST = 100;

    private final EngineParts parts;
    private final Map<String, Stuck> tables = new HashMap<>();

    private record Stuck(Map<RowKey, Trouble> rows, Retry retry) {}

    StuckRows(EngineParts parts) {
        this.parts = parts;
    }

    /** How many rows of a table. */
    synchronized int count(String table) {
        return keys(table).size();
    }

    /** Which rows of a table. */
    synchronized Set<RowKey> keys(String table) {
        Stuck stuck = tables.get(table);
        return stuck == null ? Set.of() : Set.copyOf(stuck.rows().keySet());
    }

    /** Why; empty: there are none. */
    synchronized Optional<Trouble> trouble(String table) {
        return Optional.ofNullable(tables.get(table)).map(stuck -> Unanswered.of(table, stuck.rows()));
    }

    /** These can't be had now. Where others could not before, it is not put off any longer than it was. */
    synchronized void add(String table, Map<Change.Hint, Trouble> unanswered, Instant now, Duration took) {
        if (unanswered.isEmpty()) {
            return;
        }
        boolean first = !tables.containsKey(table);
        Stuck stuck = tables.computeIfAbsent(table, t -> new Stuck(new HashMap<>(), retry()));
        unanswered.forEach((hint, why) -> stuck.rows().put(hint.key(), why));
        if (first) {
            tried(table, now, took);
        }
    }

    private Retry retry() {
        return new Retry(parts.settings().backoff(), parts.random());
    }

    /** These could be had, or are not dirty any more. */
    synchronized void remove(String table, Collection<RowKey> keys) {
        Stuck stuck = tables.get(table);
        if (stuck != null
                && stuck.rows().keySet().removeAll(Set.copyOf(keys))
                && stuck.rows().isEmpty()) {
            tables.remove(table);
        }
    }

    /** Nothing is known of them. */
    synchronized void forget(String table) {
        tables.remove(table);
    }

    /** What is left of them has been asked for once more. */
    synchronized void tried(String table, Instant now, Duration took) {
        Stuck stuck = tables.get(table);
        if (stuck != null) {
            stuck.retry().fail(Unanswered.of(table, stuck.rows()), now, took);
        }
    }

    /** Whether they are to be asked for again now. */
    synchronized boolean isDue(String table, Instant now) {
        return until(table, now).filter(Duration::isZero).isPresent();
    }

    /** Until they are to be asked for again; empty: there are none. */
    synchronized Optional<Duration> until(String table, Instant now) {
        return Optional.ofNullable(tables.get(table)).map(stuck -> stuck.retry().until(now));
    }

    /** Asked to try again. */
    synchronized void wake(Instant now) {
        List.copyOf(tables.values()).forEach(stuck -> stuck.retry().wake(now));
    }
}

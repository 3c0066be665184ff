package io.sequin.source;

import io.sequin.data.Checkpoint;
import io.sequin.data.LaneId;
import io.sequin.data.Scope;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * An independent stream of reads.
 *
 * @param tables the tables it fills: a first pass, one table or a parent with its children; a tail, many. A tail that
 *     brings rows itself, not hints alone, waits while a table of theirs is not filled or refuses them, so it should be
 *     one of few tables
 * @param start where it begins when the database holds no checkpoint of it; committed before its first read
 * @param every a tail is not read more often than this after it reached its end, however short the Sync's own interval;
 *     zero: as often as the Sync asks
 * @param scopes of a first pass: which rows of its tables it brings, where not {@link Scope#ALL}
 * @param hintsAlone a tail that never brings rows itself; the reads of other lanes take turns where they share a table,
 *     since of two that are under way at once nobody knows which is the newer one
 */
public record Lane(
        LaneId id,
        Kind kind,
        Set<String> tables,
        Checkpoint start,
        Duration every,
        Map<String, Scope> scopes,
        boolean hintsAlone) {
    public Lane {
        tables = new OrderedNames(tables);
        scopes = Map.copyOf(scopes);
    }

    /** A lane that brings all rows. */
    public Lane(LaneId id, Kind kind, Set<String> tables, Checkpoint start, Duration every) {
        this(id, kind, tables, start, every, Map.of(), false);
    }

    /** The tail that follows the source's events: it only names the rows that have changed. */
    public static Lane ofEvents(LaneId id, Set<String> tables, Checkpoint start) {
        return new Lane(id, Kind.TAIL, tables, start, Duration.ZERO, Map.of(), true);
    }

    /** A lane that is read as often as the Sync asks. */
    public Lane(LaneId id, Kind kind, Set<String> tables, Checkpoint start) {
        this(id, kind, tables, start, Duration.ZERO);
    }

    /** The same, for fewer tables. */
    public Lane without(Set<String> some) {
        Set<String> left = new TreeSet<>(tables);
        left.removeAll(some);
        return new Lane(id, kind, left, start, every, scopes, hintsAlone);
    }

    /** From when on it lists a table; empty: all there is, or it does not list it. */
    public Optional<Instant> floor(String table) {
        return Optional.ofNullable(scopes.get(table)).flatMap(Scope::since).map(Scope.Since::floor);
    }

    /** What a lane is for. */
    public enum Kind {
        /** Lists a table from its start to its end, once. */
        FIRST_PASS,
        /** Follows changes for ever; its reads end when there is nothing new. */
        TAIL
    }
}

package io.sequin.source;

import io.sequin.data.Checkpoint;
import io.sequin.data.LaneId;
import io.sequin.data.Scope;
import java.time.Duration;
import java.util.Map;
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
 */
public record Lane(
        LaneId id, Kind kind, Set<String> tables, Checkpoint start, Duration every, Map<String, Scope> scopes) {
    public Lane {
        tables = Set.copyOf(tables);
        scopes = Map.copyOf(scopes);
    }

    /** A lane that brings all rows. */
    public Lane(LaneId id, Kind kind, Set<String> tables, Checkpoint start, Duration every) {
        this(id, kind, tables, start, every, Map.of());
    }

    /** A lane that is read as often as the Sync asks. */
    public Lane(LaneId id, Kind kind, Set<String> tables, Checkpoint start) {
        this(id, kind, tables, start, Duration.ZERO);
    }

    /** The same, for fewer tables. */
    public Lane without(Set<String> some) {
        Set<String> left = new TreeSet<>(tables);
        left.removeAll(some);
        return new Lane(id, kind, left, start, every, scopes);
    }

    /** What a lane is for. */
    public enum Kind {
        /** Lists a table from its start to its end, once. */
        FIRST_PASS,
        /** Follows changes for ever; its reads end when there is nothing new. */
        TAIL
    }
}

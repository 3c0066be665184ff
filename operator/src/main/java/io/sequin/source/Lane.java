package io.sequin.source;

import io.sequin.data.Checkpoint;
import io.sequin.data.LaneId;
import java.util.Set;

/**
 * An independent stream of reads.
 *
 * @param tables the tables it fills: one for a first pass, many for a tail
 * @param start where it begins when the database holds no checkpoint of it; committed before its first read
 */
public record Lane(LaneId id, Kind kind, Set<String> tables, Checkpoint start) {
    public Lane {
        tables = Set.copyOf(tables);
    }

    /** What a lane is for. */
    public enum Kind {
        /** Lists a table from its start to its end, once. */
        FIRST_PASS,
        /** Follows changes for ever; its reads end when there is nothing new. */
        TAIL
    }
}

package io.sequin.engine;

import io.sequin.data.LaneId;
import io.sequin.data.TableShape;
import io.sequin.postgres.load.DestinationSession;
import io.sequin.source.Lane;
import io.sequin.source.SourceSession;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A Sync whose source and destination are open.
 *
 * @param shapes by table
 * @param recorded tables that the database had a record of when the Sync was opened
 * @param firstPasses by table
 * @param refused deletes to be tried again
 */
record OpenSync(
        SourceSession source,
        DestinationSession destination,
        Map<String, TableShape> shapes,
        Set<String> recorded,
        Map<String, LaneTrack> firstPasses,
        List<LaneTrack> tails,
        RefusedDeletes refused)
        implements AutoCloseable {

    LaneTrack firstPass(String table) {
        LaneTrack track = firstPasses.get(table);
        if (track == null) {
            throw new IllegalStateException("the source planned no first pass for table " + table);
        }
        return track;
    }

    /** The lanes of a table's first pass. */
    Set<LaneId> fills(String table) {
        return Set.of(firstPass(table).lane().id());
    }

    TableShape shape(String table) {
        TableShape shape = shapes.get(table);
        if (shape == null) {
            throw new IllegalStateException("the source's catalog has no table " + table);
        }
        return shape;
    }

    /** The only table of a first pass. */
    static String tableOf(Lane firstPass) {
        return firstPass.tables().iterator().next();
    }

    @Override
    public void close() {
        try (source) {
            destination.close();
        }
    }
}

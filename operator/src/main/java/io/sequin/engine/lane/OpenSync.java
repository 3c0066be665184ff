package io.sequin.engine.lane;

import io.sequin.data.Checkpoint;
import io.sequin.data.LaneId;
import io.sequin.data.TableShape;
import io.sequin.postgres.load.DestinationSession;
import io.sequin.source.Lane;
import io.sequin.source.SourceSession;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * A Sync whose source and destination are open.
 *
 * @param shapes by table
 * @param firstPasses by table; several may share one
 * @param resyncs what is synced again
 * @param leftOut tables that a first pass under way has passed over
 */
public record OpenSync(
        SourceSession source,
        DestinationSession destination,
        Map<String, TableShape> shapes,
        Map<String, LaneTrack> firstPasses,
        List<LaneTrack> tails,
        Resyncs resyncs,
        LeftOut leftOut)
        implements AutoCloseable {

    /** The lane that fills a table. */
    public LaneTrack firstPass(String table) {
        LaneTrack track = firstPasses.get(table);
        if (track == null) {
            throw new IllegalStateException("the source planned no first pass for table " + table);
        }
        return track;
    }

    /** The first passes, each once. */
    public Set<LaneTrack> passes() {
        return new LinkedHashSet<>(firstPasses.values());
    }

    /** What is kept of a table's first pass. */
    public Set<LaneId> fills(String table) {
        return fills(firstPass(table).lane());
    }

    /** From when on a first pass lists a table; empty: all there is. */
    public Optional<Instant> floor(String table) {
        return firstPass(table).lane().floor(table);
    }

    /** What is kept of a first pass. */
    public static Set<LaneId> fills(Lane firstPass) {
        return Set.of(firstPass.id(), LeftOut.lane(firstPass.id()));
    }

    /**
     * What is kept of a lane and is not true any more once a table of it begins anew. A tail that brings the rows of this table
     * alone knows only of those that it has seen which of them may still change. One that names rows of many tables knows of
     * none; where it followed none of them until now it begins anew as well, since the source may have forgotten what was
     * at its place.
     *
     * @param filled whether a table was filled until now
     */
    public static Set<LaneId> forgotten(Lane lane, Predicate<String> filled) {
        if (lane.kind() == Lane.Kind.FIRST_PASS) {
            return fills(lane);
        }
        boolean itsOwn = !lane.hintsAlone() && lane.tables().size() == 1;
        boolean idle = lane.hintsAlone() && lane.tables().stream().noneMatch(filled);
        return itsOwn || idle ? Set.of(lane.id()) : Set.of();
    }

    /** Where these lanes begin, and what is kept of those that fill several tables. */
    public static Map<LaneId, Checkpoint> starts(List<Lane> lanes) {
        Map<LaneId, Checkpoint> starts = new HashMap<>();
        for (Lane lane : lanes) {
            starts.put(lane.id(), lane.start());
            starts.putAll(nothingLeftOut(lane));
        }
        return starts;
    }

    /** What is kept of a lane that has left out no table; of most nothing is. */
    public static Map<LaneId, Checkpoint> nothingLeftOut(Lane lane) {
        return lane.kind() == Lane.Kind.FIRST_PASS && lane.tables().size() > 1
                ? Map.of(LeftOut.lane(lane.id()), LeftOut.NONE)
                : Map.of();
    }

    /** Tables whose rows belong to a parent. */
    public Set<String> children() {
        return shapes.values().stream()
                .filter(shape -> shape.parent().isPresent())
                .map(TableShape::name)
                .collect(Collectors.toSet());
    }

    /** Of one of its tables. */
    public TableShape shape(String table) {
        TableShape shape = shapes.get(table);
        if (shape == null) {
            throw new IllegalStateException("the source's catalog has no table " + table);
        }
        return shape;
    }

    @Override
    public void close() {
        try (source) {
            destination.close();
        }
    }
}

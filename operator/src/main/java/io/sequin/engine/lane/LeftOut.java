package io.sequin.engine.lane;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sequin.data.Checkpoint;
import io.sequin.data.Json;
import io.sequin.data.LaneId;
import io.sequin.data.SmallMap;
import io.sequin.postgres.load.LaneState;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Tables whose rows a first pass of several tables has passed over since it began: at its end they are not complete, so
 * it starts again for them. Kept in the database as the checkpoint of a lane that nobody reads, in the commit that first
 * passes them over. Safe for threads.
 */
public final class LeftOut {
    /** None is left out. */
    static final Checkpoint NONE = new Checkpoint(Json.of("[]"));

    private static final String PREFIX = "left-out:";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final SmallMap<LaneId, Set<String>> tables = new SmallMap<>();

    /** Where those of a first pass are kept. */
    public static LaneId lane(LaneId firstPass) {
        return new LaneId(PREFIX + firstPass);
    }

    /** As the database has them. */
    public static LeftOut in(Map<LaneId, LaneState> lanes) {
        LeftOut found = new LeftOut();
        lanes.forEach((lane, state) -> found.put(lane, state.checkpoint()));
        return found;
    }

    /** Since this first pass began. */
    public Set<String> of(LaneId firstPass) {
        return tables.get(lane(firstPass)).orElse(Set.of());
    }

    /** What is to be kept of these. */
    public static Checkpoint record(Set<String> tables) {
        try {
            return new Checkpoint(Json.of(JSON.writeValueAsString(new TreeSet<>(tables))));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a list of plain strings must be writable as JSON", e);
        }
    }

    /** A batch with these resets was committed. */
    public void committed(Map<LaneId, Checkpoint> resets) {
        resets.forEach(this::put);
    }

    private void put(LaneId lane, Checkpoint kept) {
        if (!lane.value().startsWith(PREFIX)) {
            return;
        }
        try {
            tables.put(lane, Set.copyOf(JSON.readValue(kept.json().text(), new TypeReference<List<String>>() {})));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the record of lane " + lane + " is not one that we wrote", e);
        }
    }
}

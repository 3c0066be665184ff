package io.sequin.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sequin.data.Checkpoint;
import io.sequin.data.Json;
import io.sequin.data.LaneId;
import io.sequin.data.RowKey;
import io.sequin.postgres.load.LaneState;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Deletes that Postgres refused, by table: kept in the database as the checkpoint of a lane that nobody reads, so that
 * they change in the commit that passes them over or applies them. A table with any is never live; its first pass
 * applies them before it lists anything, so a row that came back at the source is listed after its delete. Safe for
 * threads.
 */
final class RefusedDeletes {
    /** None are left. */
    static final Checkpoint NONE = new Checkpoint(Json.of("[]"));

    private static final String PREFIX = "refused-deletes:";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<LaneId, Set<RowKey>> keys = new ConcurrentHashMap<>();

    /** Where the deletes of a table are kept. */
    static LaneId lane(String table) {
        return new LaneId(PREFIX + table);
    }

    /** As the database has them. */
    static RefusedDeletes in(Map<LaneId, LaneState> lanes) {
        RefusedDeletes found = new RefusedDeletes();
        lanes.forEach((lane, state) -> found.put(lane, state.checkpoint()));
        return found;
    }

    /** In the order in which they were refused. */
    Set<RowKey> of(String table) {
        return keys.getOrDefault(lane(table), Set.of());
    }

    /** What is to be kept once these are refused too. */
    Checkpoint with(String table, Collection<RowKey> more) {
        Set<RowKey> all = new LinkedHashSet<>(of(table));
        all.addAll(more);
        try {
            return new Checkpoint(Json.of(
                    JSON.writeValueAsString(all.stream().map(RowKey::parts).toList())));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a list of plain strings must be writable as JSON", e);
        }
    }

    /** A batch with these resets was committed. */
    void committed(Map<LaneId, Checkpoint> resets) {
        resets.forEach(this::put);
    }

    private void put(LaneId lane, Checkpoint kept) {
        if (!lane.value().startsWith(PREFIX)) {
            return;
        }
        Set<RowKey> read = new LinkedHashSet<>();
        try {
            JSON.readValue(kept.json().text(), new TypeReference<List<List<String>>>() {})
                    .forEach(parts -> read.add(new RowKey(parts)));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the record of lane " + lane + " is not one that we wrote", e);
        }
        keys.put(lane, read);
    }
}

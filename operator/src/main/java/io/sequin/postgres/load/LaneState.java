package io.sequin.postgres.load;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.sequin.data.Checkpoint;

/**
 * How far a lane has come, as the database has it.
 *
 * @param seq number of commits so far; the next one names it
 */
public record LaneState(long seq, Checkpoint checkpoint) {
    private static final JsonMapper JSON = new JsonMapper();

    /** Whether it stands at a checkpoint: the database prints the same JSON otherwise than a source does. */
    public boolean isAt(Checkpoint other) {
        return checkpoint.equals(other) || parsed(checkpoint).equals(parsed(other));
    }

    private static JsonNode parsed(Checkpoint checkpoint) {
        try {
            return JSON.readTree(checkpoint.json().text());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a checkpoint is no JSON", e);
        }
    }
}

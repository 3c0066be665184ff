package io.sequin.source.stripe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sequin.data.Checkpoint;
import org.jspecify.annotations.Nullable;

/**
 * How far a table's listing has come.
 *
 * @param after the oldest object read so far; null: none
 * @param created of that object, in seconds since 1970: the way on where the object itself is gone
 */
record FirstPassPosition(@Nullable String after, long created) {
    static final FirstPassPosition START = new FirstPassPosition(null, 0);

    static FirstPassPosition of(Checkpoint checkpoint) {
        JsonNode node = Checkpoints.read(checkpoint);
        return node.has("after")
                ? new FirstPassPosition(
                        node.path("after").asText(), node.path("created").asLong())
                : START;
    }

    Checkpoint checkpoint() {
        ObjectNode node = Checkpoints.empty();
        if (after != null) {
            node.put("after", after).put("created", created);
        }
        return Checkpoints.write(node);
    }
}

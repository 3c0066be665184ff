package io.sequin.source.stripe;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sequin.data.Checkpoint;
import io.sequin.data.Json;
import java.io.IOException;

/** The JSON of checkpoints: {@code v} is the version of their layout. The database may reorder their fields. */
final class Checkpoints {
    static final int VERSION = 1;

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Checkpoints() {}

    static ObjectNode empty() {
        return MAPPER.createObjectNode().put("v", VERSION);
    }

    static Checkpoint write(ObjectNode node) {
        try {
            return new Checkpoint(Json.of(MAPPER.writeValueAsBytes(node)));
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    static JsonNode read(Checkpoint checkpoint) {
        Json json = checkpoint.json();
        JsonNode node;
        try {
            node = MAPPER.readTree(json.bytes(), json.offset(), json.length());
        } catch (IOException broken) {
            throw new IllegalStateException("a checkpoint is not JSON: " + checkpoint, broken);
        }
        if (node.path("v").asInt() != VERSION) {
            throw new IllegalStateException("a checkpoint of another layout: " + checkpoint);
        }
        return node;
    }
}

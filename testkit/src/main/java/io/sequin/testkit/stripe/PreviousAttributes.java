package io.sequin.testkit.stripe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The {@code previous_attributes} of an event: the old values of what changed, hashes key by key, lists whole, new keys as null. */
final class PreviousAttributes {
    private PreviousAttributes() {}

    static ObjectNode between(ObjectNode before, ObjectNode after) {
        ObjectNode changed = JsonBytes.object();
        for (var field : before.properties()) {
            JsonNode now = after.get(field.getKey());
            JsonNode old = field.getValue();
            if (old.equals(now)) {
                continue;
            }
            if (old instanceof ObjectNode oldHash && now instanceof ObjectNode newHash) {
                changed.set(field.getKey(), between(oldHash, newHash));
            } else {
                changed.set(field.getKey(), old);
            }
        }
        for (var field : after.properties()) {
            if (!before.has(field.getKey())) {
                changed.putNull(field.getKey());
            }
        }
        return changed;
    }
}

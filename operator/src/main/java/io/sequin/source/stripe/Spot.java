package io.sequin.source.stripe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sequin.data.Checkpoint;
import org.jspecify.annotations.Nullable;

/**
 * How far the walk of a list has come.
 *
 * @param after the oldest object read so far; null: none
 * @param created of that object, in seconds since 1970: the way on where the object itself is gone
 * @param inside the last row read of that object's own, which has more; null: it has no more
 */
record Spot(@Nullable String after, long created, @Nullable String inside) {
    static final Spot START = new Spot(null, 0, null);

    static Spot behind(StripeObject object) {
        return new Spot(object.id(), object.created(), null);
    }

    /** Among the rows of the same object. */
    Spot inside(@Nullable String row) {
        return new Spot(after, created, row);
    }

    static Spot of(JsonNode node) {
        return node.has("after")
                ? new Spot(
                        node.path("after").asText(),
                        node.path("created").asLong(),
                        node.has("inside") ? node.path("inside").asText() : null)
                : START;
    }

    static Spot of(Checkpoint checkpoint) {
        return of(Checkpoints.read(checkpoint));
    }

    void write(ObjectNode node) {
        if (after != null) {
            node.put("after", after).put("created", created);
        }
        if (inside != null) {
            node.put("inside", inside);
        }
    }

    Checkpoint checkpoint() {
        ObjectNode node = Checkpoints.empty();
        write(node);
        return Checkpoints.write(node);
    }
}

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
 * @param rest in the list of what the first list leaves out
 */
record Spot(@Nullable String after, long created, @Nullable String inside, boolean rest) {
    static final Spot START = new Spot(null, 0, null, false);

    private static final Spot START_OF_REST = new Spot(null, 0, null, true);

    Spot behind(StripeObject object) {
        return new Spot(object.id(), object.created(), null, rest);
    }

    /** Among the rows of the same object. */
    Spot inside(@Nullable String row) {
        return new Spot(after, created, row, rest);
    }

    /** The list is read: on with what it leaves out. */
    static Spot startOfRest() {
        return START_OF_REST;
    }

    static Spot of(JsonNode node) {
        return new Spot(
                node.has("after") ? node.path("after").asText() : null,
                node.path("created").asLong(),
                node.has("inside") ? node.path("inside").asText() : null,
                node.path("rest").asBoolean());
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
        if (rest) {
            node.put("rest", true);
        }
    }

    Checkpoint checkpoint() {
        ObjectNode node = Checkpoints.empty();
        write(node);
        return Checkpoints.write(node);
    }
}

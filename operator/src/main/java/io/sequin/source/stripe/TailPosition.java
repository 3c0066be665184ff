package io.sequin.source.stripe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sequin.data.Checkpoint;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * How far a tail has come, of events or of new rows. Stripe lists them newest first, so what is new may take several pages: a walk,
 * from the newest event down to the floor. Each page of a walk is safe to stop at, since the position says where it
 * goes on; only the walk's end moves the floor.
 *
 * @param floor every event created before this second (since 1970) is done
 * @param seen events created at or after the floor that are done, by second
 * @param walk a walk that has not reached the floor; null: none
 */
record TailPosition(
        long floor,
        NavigableMap<Long, NavigableSet<String>> seen,
        @Nullable Walk walk) {

    /**
     * Beyond this many done events the oldest are forgotten: then they come again, and cost a fetch, until the floor has
     * passed them. So many in the overlap are more than can be fetched in it at the rates that Stripe allows.
     */
    static final int MAX_SEEN = 20_000;

    /**
     * A walk on its way.
     *
     * @param top when the newest event of the walk was created
     * @param after the oldest event it has handed out
     */
    record Walk(long top, String after) {}

    static TailPosition startingAt(long floor) {
        return new TailPosition(floor, new TreeMap<>(), null);
    }

    boolean done(Dated event) {
        NavigableSet<String> ids = seen.get(event.created());
        return ids != null && ids.contains(event.id());
    }

    /** The same, with the walk to be made again from the newest event. */
    TailPosition withoutWalk() {
        return new TailPosition(floor, seen, null);
    }

    /** The position once a page is handed out of which all concerns us. */
    TailPosition after(StripeList<? extends Dated> page, long now) {
        return after(page, now, event -> true);
    }

    /**
     * The position once a page is handed out.
     *
     * @param now Stripe's clock, in seconds since 1970
     * @param ours what need not be handed out need not be remembered
     */
    <E extends Dated> TailPosition after(StripeList<E> page, long now, Predicate<E> ours) {
        long top = walk == null ? floor : walk.top();
        for (E event : page.data()) {
            top = Math.max(top, Math.min(event.created(), now));
        }
        long nextFloor = Math.max(floor, top - Tail.OVERLAP.toSeconds());
        NavigableMap<Long, NavigableSet<String>> all = new TreeMap<>();
        seen.forEach((second, ids) -> all.put(second, new TreeSet<>(ids)));
        for (E event : page.data()) {
            if (event.created() >= nextFloor && ours.test(event)) {
                all.computeIfAbsent(event.created(), second -> new TreeSet<>()).add(event.id());
            }
        }
        if (page.hasMore()) {
            return new TailPosition(
                    floor, all, new Walk(top, page.data().getLast().id()));
        }
        // only where this page alone showed all: a walk's first page may be long ago
        if (walk == null && nextFloor < now - Tail.QUIET.toSeconds()) {
            nextFloor = now - Tail.QUIET_LAG.toSeconds();
        }
        return bounded(nextFloor, new TreeMap<>(all.tailMap(nextFloor, true)));
    }

    /** The floor stays: what shows late may lie anywhere above it. */
    private static TailPosition bounded(long floor, NavigableMap<Long, NavigableSet<String>> seen) {
        int count = seen.values().stream().mapToInt(NavigableSet::size).sum();
        while (count > MAX_SEEN && seen.size() > 1) {
            count -= seen.pollFirstEntry().getValue().size();
        }
        return new TailPosition(floor, seen, null);
    }

    static TailPosition of(Checkpoint checkpoint) {
        JsonNode node = Checkpoints.read(checkpoint);
        NavigableMap<Long, NavigableSet<String>> seen = new TreeMap<>();
        node.path("seen").properties().forEach(second -> {
            NavigableSet<String> ids = new TreeSet<>();
            second.getValue().forEach(id -> ids.add(id.asText()));
            seen.put(Long.valueOf(second.getKey()), ids);
        });
        JsonNode walk = node.path("walk");
        return new TailPosition(
                node.path("floor").asLong(),
                seen,
                walk.isObject()
                        ? new Walk(walk.path("top").asLong(), walk.path("after").asText())
                        : null);
    }

    Checkpoint checkpoint() {
        ObjectNode node = Checkpoints.empty();
        node.put("floor", floor);
        ObjectNode done = node.putObject("seen");
        seen.forEach((second, ids) -> {
            ArrayNode list = done.putArray(Long.toString(second));
            ids.forEach(list::add);
        });
        if (walk != null) {
            node.putObject("walk").put("top", walk.top()).put("after", walk.after());
        }
        return Checkpoints.write(node);
    }
}

package io.sequin.testkit.stripe;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Fills an empty data set: {@code created} spread over three years up to a minute before now, with ties: runs of 8 objects, and some
 * of 512 (more than a page), share a second. Objects younger than 30 days have the event of their creation.
 */
final class Seeder {
    private static final long SPAN = Duration.ofDays(3 * 365).toSeconds();
    private static final int SMALL_RUN = 8;
    private static final int LARGE_RUN = 512;
    /** How many children parents have, in turns: also more than an object shows, and none. */
    private static final int[] CHILDREN = {2, 0, 1, 3, 0, 12, 1};
    /** The one parent of each type that has more children than a page. */
    private static final int LARGE_FAMILY = 1;

    private static final int LARGE_FAMILY_SIZE = 105;

    private final StoredObjects objects;
    private final EventLog events;
    private final long nowSeconds;

    Seeder(StoredObjects objects, EventLog events, long nowSeconds) {
        this.objects = objects;
        this.events = events;
        this.nowSeconds = nowSeconds;
    }

    /** So many objects of each type, without children. */
    Seeder fill(Map<StripeObjectType, Integer> counts) {
        counts.forEach((type, count) -> {
            if (type.parent().isPresent()) {
                throw new IllegalArgumentException("children come with their parents: " + type);
            }
            ObjectTable table = objects.table(type);
            for (int i = 0; i < count; i++) {
                table.append(nowSeconds - 60 - SPAN + SPAN * (firstOfRun(i) + 1) / (count + 1));
            }
        });
        return this;
    }

    /** Gives children to what is there, made in the same second. */
    Seeder withChildren() {
        for (StripeObjectType child : StripeObjectType.all()) {
            Optional<StripeObjectType> parent = child.parentType();
            ObjectTable parents = parent.map(objects::table).orElse(null);
            for (int p = 0; parents != null && p < parents.size(); p++) {
                int count = p == LARGE_FAMILY ? LARGE_FAMILY_SIZE : CHILDREN[p % CHILDREN.length];
                for (int i = 0; i < count; i++) {
                    objects.table(child).appendChild(parents.createdAt(p), p);
                }
            }
        }
        return this;
    }

    /** Writes the events of what is young, once all is there. */
    void finish() {
        List<StripeObjectType> types = objects.typesInUse();
        types.forEach(t -> objects.table(t).endOfSeed());
        List<EventLog.Entry> recent = new ArrayList<>();
        for (StripeObjectType type : types) {
            ObjectTable table = objects.table(type);
            for (int i = table.countBefore(nowSeconds - StripeData.EVENT_RETENTION_SECONDS); i < table.size(); i++) {
                int index = i;
                creation(type, i)
                        .ifPresent(event -> recent.add(
                                new EventLog.Entry(table.createdAt(index), 0, event, type, index, null, null)));
            }
        }
        recent.sort(Comparator.comparingLong(EventLog.Entry::created));
        recent.forEach(events::append);
    }

    /** Runs end where the next begins, so the times never go back. */
    private static long firstOfRun(int i) {
        if (i / LARGE_RUN % 16 == 3) {
            return i / LARGE_RUN * (long) LARGE_RUN;
        }
        return i / SMALL_RUN % 3 == 1 ? i / SMALL_RUN * (long) SMALL_RUN : i;
    }

    private Optional<StripeEventType> creation(StripeObjectType type, int index) {
        return Lifecycle.of(type)
                .creation(
                        type == StripeObjectType.CHARGE
                                ? JsonBytes.parse(objects.generated(type, index))
                                : JsonBytes.object());
    }
}

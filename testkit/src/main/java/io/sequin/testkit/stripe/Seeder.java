package io.sequin.testkit.stripe;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Fills an empty data set: {@code created} spread over three years up to a minute before now, with ties: runs of 8 objects, and some
 * of 512 (more than a page), share a second. Objects younger than 30 days have the event of their creation.
 */
final class Seeder {
    private static final long SPAN = Duration.ofDays(3 * 365).toSeconds();
    private static final int SMALL_RUN = 8;
    private static final int LARGE_RUN = 512;

    private final StoredObjects objects;
    private final EventLog events;

    Seeder(StoredObjects objects, EventLog events) {
        this.objects = objects;
        this.events = events;
    }

    void fill(long nowSeconds, int customers, int products, int charges) {
        append(StripeObjectType.CUSTOMER, nowSeconds, customers);
        append(StripeObjectType.PRODUCT, nowSeconds, products);
        append(StripeObjectType.CHARGE, nowSeconds, charges);
        List<EventLog.Entry> recent = new ArrayList<>();
        for (StripeObjectType type : StripeObjectType.values()) {
            ObjectTable table = objects.table(type);
            for (int i = table.countBefore(nowSeconds - StripeData.EVENT_RETENTION_SECONDS); i < table.size(); i++) {
                recent.add(new EventLog.Entry(table.createdAt(i), 0, creation(type, i), type, i, null, null));
            }
        }
        recent.sort(Comparator.comparingLong(EventLog.Entry::created));
        recent.forEach(events::append);
    }

    private void append(StripeObjectType type, long nowSeconds, int count) {
        ObjectTable table = objects.table(type);
        for (int i = 0; i < count; i++) {
            table.append(nowSeconds - 60 - SPAN + SPAN * (firstOfRun(i) + 1) / (count + 1));
        }
    }

    /** Runs end where the next begins, so the times never go back. */
    private static long firstOfRun(int i) {
        if (i / LARGE_RUN % 16 == 3) {
            return i / LARGE_RUN * (long) LARGE_RUN;
        }
        return i / SMALL_RUN % 3 == 1 ? i / SMALL_RUN * (long) SMALL_RUN : i;
    }

    private StripeEventType creation(StripeObjectType type, int index) {
        String status = type == StripeObjectType.CHARGE
                ? JsonBytes.parse(objects.generated(type, index)).get("status").textValue()
                : "";
        return StripeEventType.created(type, status);
    }
}

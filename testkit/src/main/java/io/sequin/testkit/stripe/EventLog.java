package io.sequin.testkit.stripe;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The events of one data set, oldest first. Not safe for threads; {@link StripeData} locks. */
final class EventLog implements Timeline {
    private final IdCodec ids;
    private final List<Entry> entries = new ArrayList<>();

    /**
     * One event.
     *
     * @param visibleFrom milliseconds since the epoch: nobody sees it before
     * @param index of the object in its table
     * @param snapshot the object at that time; null: as generated
     * @param previous the old values of what changed; null: not an update
     */
    record Entry(
            long created,
            long visibleFrom,
            StripeEventType type,
            StripeObjectType objectType,
            int index,
            @Nullable Body snapshot,
            @Nullable Body previous) {}

    EventLog(long key) {
        this.ids = new IdCodec("evt_", 24, key);
    }

    void append(Entry entry) {
        if (!entries.isEmpty() && entries.getLast().created() > entry.created()) {
            throw new IllegalArgumentException("events are added in order of time");
        }
        entries.add(entry);
    }

    @Override
    public int size() {
        return entries.size();
    }

    @Override
    public long createdAt(int index) {
        return entries.get(index).created();
    }

    /** Whether it is young enough, and has appeared. */
    boolean isListed(int index, long oldestSecond, long nowMillis) {
        Entry entry = entries.get(index);
        return entry.created() >= oldestSecond && entry.visibleFrom() <= nowMillis;
    }

    Entry get(int index) {
        return entries.get(index);
    }

    String id(int index) {
        return ids.encode(index);
    }

    /** The index of an event, or -1. */
    int indexOf(String id) {
        int index = ids.decode(id);
        return index < entries.size() ? index : -1;
    }
}

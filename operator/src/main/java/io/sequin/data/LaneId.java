package io.sequin.data;

/** Names a lane: the unit of thread, checkpoint and backoff. For example {@code backfill:customer} or {@code events}. */
public record LaneId(String value) {
    @Override
    public String toString() {
        return value;
    }
}

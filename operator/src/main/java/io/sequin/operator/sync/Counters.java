package io.sequin.operator.sync;

import io.sequin.api.v1alpha1.SyncStatus;
import io.sequin.api.v1alpha1.TableStatus;
import io.sequin.engine.SyncSnapshot;
import io.sequin.engine.TableState;
import io.sequin.operator.kube.StatusWrites;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Keeps fast numbers from making many writes: a status that differs from the one written only in its counters is held
 * back until that one is {@link #PACE} old. Pure.
 */
final class Counters {
    /** Least time between two writes that only count. */
    static final Duration PACE = Duration.ofSeconds(15);

    /** Most time between two looks at a Sync. */
    private static final Duration SELDOM = Duration.ofMinutes(2);

    private Counters() {}

    /**
     * How often a Sync is looked at though nobody asks for it, for what only counts on and what changes with time. Where all
     * is well and polls are rare there is little of that: four times a poll interval is enough.
     */
    static Duration usual(Duration pollInterval, Optional<SyncSnapshot> snapshot) {
        Duration quarter = pollInterval.dividedBy(4);
        if (quarter.compareTo(PACE) <= 0 || snapshot.filter(Counters::isQuiet).isEmpty()) {
            return PACE;
        }
        return quarter.compareTo(SELDOM) < 0 ? quarter : SELDOM;
    }

    private static boolean isQuiet(SyncSnapshot snapshot) {
        return !snapshot.tables().isEmpty()
                && snapshot.offered().stream().allMatch(t -> t.state() == TableState.LIVE)
                && Stream.of(snapshot.destination(), snapshot.source(), snapshot.schema())
                        .allMatch(Optional::isEmpty);
    }

    /** Until when the status is held back; empty: it may be written now, as it may where the clock was set back meanwhile. */
    static Optional<Instant> heldUntil(
            Optional<StatusWrites.Written<SyncStatus>> written, SyncStatus next, Instant now) {
        return written.filter(w -> !w.status().equals(next))
                .filter(w -> withoutCounters(w.status()).equals(withoutCounters(next)))
                .filter(w -> !now.isBefore(w.at()))
                .map(w -> w.at().plus(PACE))
                .filter(now::isBefore);
    }

    private static SyncStatus withoutCounters(SyncStatus s) {
        return new SyncStatus(
                s.observedGeneration(),
                s.conditions(),
                s.source(),
                s.schema(),
                s.storageId(),
                s.retainedTables(),
                s.tables().stream().map(Counters::withoutCounters).toList(),
                s.tablesTotal(),
                s.tablesLive(),
                null,
                null,
                s.resync(),
                s.instructions());
    }

    private static TableStatus withoutCounters(TableStatus t) {
        return new TableStatus(t.name(), t.state(), null, null, null, t.message(), t.errors() == null ? null : 1L);
    }
}

package io.sequin.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Decides when what may run; no I/O. */
final class Schedule {
    /** A loop with nothing to wait for looks around that often. */
    static final Duration LONGEST = Duration.ofMinutes(10);

    /** A first pass that failed so often in a row does not hold up the other tables any longer. */
    static final int PATIENCE = 5;

    private final OpenSync sync;
    private final Board board;

    Schedule(OpenSync sync, Board board) {
        this.sync = sync;
        this.board = board;
    }

    /** The tail may run once every table is live, failing, or has been failing to be read for long. */
    boolean tailMayRun() {
        return sync.firstPasses().entrySet().stream()
                .allMatch(e -> board.isLive(e.getKey()) || board.isFailing(e.getKey()) || stalled(e.getValue()));
    }

    /**
     * Before a tail runs past a first pass that is not failing for good, that one gets another chance: what the tail
     * drops sets it back to its start.
     */
    void chanceBeforeTail(Instant now) {
        if (sync.tails().stream().anyMatch(t -> t.retry().isDue(now))) {
            sync.firstPasses().values().stream()
                    .filter(this::stalled)
                    .forEach(t -> t.retry().wake(now));
        }
    }

    /** Until the next one is due. */
    Duration untilNext(Instant now) {
        List<Instant> dues = new ArrayList<>();
        for (Map.Entry<String, LaneTrack> entry : sync.firstPasses().entrySet()) {
            if (!board.isLive(entry.getKey())) {
                dues.add(entry.getValue().retry().due());
            }
        }
        if (tailMayRun()) {
            sync.tails().forEach(t -> dues.add(t.retry().due()));
        }
        Instant latest = now.plus(LONGEST);
        Instant next = dues.stream().min(Comparator.naturalOrder()).orElse(latest);
        if (next.isAfter(latest)) {
            return LONGEST;
        }
        return next.isAfter(now) ? Duration.between(now, next) : Duration.ZERO;
    }

    private boolean stalled(LaneTrack track) {
        return track.retry().failures() >= PATIENCE
                && track.retry().trouble().filter(t -> t.table().isEmpty()).isPresent()
                && !track.lane().tables().stream().allMatch(board::isLive);
    }
}

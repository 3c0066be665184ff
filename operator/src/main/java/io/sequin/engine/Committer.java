package io.sequin.engine;

import static io.sequin.engine.Trouble.atDestination;

import io.sequin.data.Change;
import io.sequin.data.LaneId;
import io.sequin.loop.RunPermit;
import io.sequin.postgres.load.Batch;
import io.sequin.postgres.load.Committed;
import io.sequin.postgres.load.LaneState;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** Commits batches, and finds out what became of one whose answer was lost. */
final class Committer {
    private final OpenSync sync;
    private final RunPermit permit;
    private final Board board;
    private final Map<Writer, Long> writes = new ConcurrentHashMap<>();

    /** A lane that wrote rows of a table. */
    private record Writer(LaneId lane, String table) {}

    Committer(OpenSync sync, RunPermit permit, Board board) {
        this.sync = sync;
        this.permit = permit;
        this.board = board;
    }

    /** The lane as committed: from memory, or from the database after a commit that failed. */
    LaneState state(LaneTrack track) throws InterruptedException {
        if (track.state().isPresent()) {
            return track.state().get();
        }
        LaneState now = atDestination(() -> sync.destination().lane(track.lane().id()));
        if (track.uncertain().filter(batch -> now.seq() > batch.seq()).isPresent()) {
            happened(track.uncertain().get());
        }
        track.know(now);
        return now;
    }

    /** Makes sure of a table of a first pass, where it is not yet; one that is created anew starts from its start. */
    void prepare(LaneTrack track, String table) throws InterruptedException {
        if (!board.isEnsured(table)) {
            refresh(Set.of(table));
            track.forget();
            Map<LaneId, LaneState> begun =
                    atDestination(() -> sync.destination().begin(OpenSync.starts(List.of(track.lane()))));
            begun.forEach((lane, state) -> sync.leftOut().committed(Map.of(lane, state.checkpoint())));
        }
    }

    /** After a failure the lane's state is unknown: {@link #state} asks for it. */
    LaneState commit(LaneTrack track, Batch batch) throws InterruptedException {
        if (!permit.granted()) {
            throw new PermitLostException();
        }
        boolean known = false;
        batch.changes().stream()
                .map(Change::table)
                .distinct()
                .forEach(table -> writes.merge(new Writer(batch.lane(), table), 1L, Long::sum));
        try {
            Committed done = atDestination(() -> sync.destination().commit(batch));
            track.know(done.lane());
            known = true;
            track.retry().succeed();
            settleResets(batch);
            board.committed(track.lane().id(), done);
            return done.lane();
        } finally {
            if (!known) {
                track.doubt(batch);
            }
        }
    }

    /** How often lanes other than this one may have written rows, by table. */
    Map<String, Long> writesOfOthers(LaneId lane) {
        return writes.entrySet().stream()
                .filter(write -> !write.getKey().lane().equals(lane))
                .collect(Collectors.toMap(write -> write.getKey().table(), Map.Entry::getValue, Long::sum));
    }

    /** Its answer was lost, but it was committed: what it changed is read again. */
    private void happened(Batch batch) throws InterruptedException {
        settleResets(batch);
        Set<String> touched = new TreeSet<>(batch.phases().keySet());
        batch.changes().stream().map(Change::table).forEach(touched::add);
        refresh(touched);
    }

    private void refresh(Set<String> tables) throws InterruptedException {
        for (String table : tables) {
            board.ensured(table, atDestination(() -> sync.destination().ensure(sync.shape(table), sync.fills(table))));
        }
    }

    private void settleResets(Batch batch) {
        sync.refused().committed(batch.resets());
        sync.leftOut().committed(batch.resets());
        for (LaneId reset : batch.resets().keySet()) {
            sync.firstPasses().values().stream()
                    .filter(t -> t.lane().id().equals(reset))
                    .forEach(LaneTrack::forget);
        }
    }
}

package io.sequin.engine;

import static io.sequin.engine.Trouble.atDestination;

import io.sequin.data.Change;
import io.sequin.data.LaneId;
import io.sequin.data.RowKey;
import io.sequin.loop.RunPermit;
import io.sequin.postgres.load.Batch;
import io.sequin.postgres.load.Committed;
import io.sequin.postgres.load.LaneState;
import io.sequin.postgres.load.TableLocks;
import io.sequin.postgres.load.Upkeep;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Commits batches, and finds out what became of one whose answer was lost. What a batch holds is decided, and committed,
 * while the locks of its tables are held: else a page could be found the newest, and be committed after a newer one.
 */
final class Committer {
    private final OpenSync sync;
    private final RunPermit permit;
    private final Board board;
    private final RequestOrder order = new RequestOrder();
    private final TableLocks locks = new TableLocks();
    /** Keys that are being fetched since they are dirty, without those that got dirty again meanwhile. */
    private final Map<String, Set<RowKey>> fetching = new ConcurrentHashMap<>();
    /** Tables of commits whose answers were lost: their transactions may still be open. */
    private final Map<LaneId, Set<String>> unknown = new ConcurrentHashMap<>();

    /** What a lane wants to commit. */
    interface Step {
        /** All tables that it is about. */
        Set<String> tables();

        /** Decides, from what is true of its tables now; pure but for reading that. Empty: nothing is to be committed. */
        Optional<Decided> decide(RequestOrder order);
    }

    /**
     * What is to be committed.
     *
     * @param applied the changes of the batch, with their requests
     */
    record Decided(Batch batch, RequestOrder.Admitted applied) {}

    Committer(OpenSync sync, RunPermit permit, Board board) {
        this.sync = sync;
        this.permit = permit;
        this.board = board;
    }

    /** Numbers the requests of all lanes. */
    RequestOrder order() {
        return order;
    }

    /** The lane as committed: from memory, or from the database after a commit that failed. */
    LaneState state(LaneTrack track) throws InterruptedException {
        if (track.state().isPresent()) {
            return track.state().get();
        }
        LaneState now = atDestination(() -> sync.destination().lane(track.lane().id()));
        unknown.remove(track.lane().id());
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

    /** Does what making sure of a table has left, some rows at a time, so that others get their turn. */
    void tend(String table) throws InterruptedException {
        while (board.table(table).left() != Upkeep.NONE) {
            requirePermit();
            TableLocks.Held held = locks.hold(Set.of(table));
            try {
                board.ensured(table, atDestination(() -> sync.destination().tend(table)));
            } finally {
                held.release();
            }
        }
    }

    private void requirePermit() {
        if (!permit.granted()) {
            throw new PermitLostException();
        }
    }

    /**
     * After a failure the lane's state is unknown: {@link #state} asks for it.
     *
     * @return the lane as committed; empty where the step decided for nothing
     */
    Optional<LaneState> commit(LaneTrack track, Step step) throws InterruptedException {
        requirePermit();
        TableLocks.Held held = locks.hold(step.tables());
        try {
            awaitUnknown(track.lane().id(), step.tables());
            Optional<Decided> decided = step.decide(order);
            return decided.isEmpty() ? Optional.empty() : Optional.of(commit(track, step.tables(), decided.get()));
        } finally {
            held.release();
        }
    }

    private LaneState commit(LaneTrack track, Set<String> tables, Decided decided) throws InterruptedException {
        Batch batch = decided.batch();
        // before the commit: where its answer is lost they may be dirty again
        batch.dirty().added().forEach(hint -> fetching(hint.table()).remove(hint.key()));
        boolean known = false;
        boolean refused = false;
        try {
            Committed done = atDestination(() -> sync.destination().commit(batch));
            track.know(done.lane());
            known = true;
            track.retry().succeed();
            sync.leftOut().committed(batch.resets());
            board.committed(track.lane().id(), done);
            return done.lane();
        } catch (LaneException e) {
            refused = e.trouble().table().isPresent();
            throw e;
        } finally {
            if (!known) {
                track.doubt(batch);
            }
            if (!known && !refused) {
                unknown.put(track.lane().id(), tables);
            }
            if (!refused) {
                order.applied(decided.applied());
            }
        }
    }

    /**
     * A transaction whose answer was lost may still be open, and what it wrote be seen only once it ends: a delete would
     * miss it. Reading its lane waits for its end. It may have changed what is dirty, which its own lane finds out later.
     */
    private void awaitUnknown(LaneId mine, Set<String> tables) throws InterruptedException {
        for (Map.Entry<LaneId, Set<String>> other : Map.copyOf(unknown).entrySet()) {
            if (!other.getKey().equals(mine) && other.getValue().stream().anyMatch(tables::contains)) {
                atDestination(() -> sync.destination().lane(other.getKey()));
                Set<String> shared = new HashSet<>(other.getValue());
                shared.retainAll(tables);
                recount(shared);
                unknown.remove(other.getKey(), other.getValue());
            }
        }
    }

    /** From now on these dirty keys are being fetched. */
    void fetching(String table, Collection<RowKey> keys) {
        Set<RowKey> all = ConcurrentHashMap.newKeySet();
        all.addAll(keys);
        fetching.put(table, all);
    }

    /** The keys being fetched that did not get dirty again since: only those are dirty no longer once they are applied. */
    Set<RowKey> stillFetched(String table) {
        return Set.copyOf(fetching(table));
    }

    private Set<RowKey> fetching(String table) {
        return fetching.computeIfAbsent(table, t -> ConcurrentHashMap.newKeySet());
    }

    /** Counts the dirty keys of these tables anew. */
    void recount(Set<String> tables) throws InterruptedException {
        TableLocks.Held held = locks.hold(tables);
        try {
            Map<String, Long> counts = atDestination(sync.destination()::dirtyCounts);
            tables.forEach(table -> board.dirty(table, counts.getOrDefault(table, 0L)));
        } finally {
            held.release();
        }
    }

    /** Its answer was lost, but it was committed: what it changed is read again. */
    private void happened(Batch batch) throws InterruptedException {
        sync.leftOut().committed(batch.resets());
        Set<String> touched = new TreeSet<>(batch.phases().keySet());
        batch.changes().stream().map(Change::table).forEach(touched::add);
        refresh(touched);
        Set<String> dirty = new HashSet<>(batch.dirty().tables());
        if (!dirty.isEmpty()) {
            recount(dirty);
        }
    }

    private void refresh(Set<String> tables) throws InterruptedException {
        for (String table : tables) {
            TableLocks.Held held = locks.hold(Set.of(table));
            try {
                board.ensured(
                        table, atDestination(() -> sync.destination().ensure(sync.shape(table), sync.fills(table))));
            } finally {
                held.release();
            }
        }
    }
}

package io.sequin.engine.commit;

import static io.sequin.engine.trouble.Trouble.atDestination;

import io.sequin.data.LaneId;
import io.sequin.data.RowKey;
import io.sequin.data.SmallMap;
import io.sequin.engine.board.Board;
import io.sequin.engine.lane.LaneTrack;
import io.sequin.engine.lane.OpenSync;
import io.sequin.engine.order.RequestOrder;
import io.sequin.engine.order.TableLocks;
import io.sequin.engine.trouble.LaneException;
import io.sequin.engine.trouble.Trouble;
import io.sequin.loop.RunPermit;
import io.sequin.postgres.load.Batch;
import io.sequin.postgres.load.Committed;
import io.sequin.postgres.load.LaneState;
import io.sequin.postgres.load.Passes;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Commits batches, and finds out what became of one whose answer was lost. What a batch holds is decided, and committed,
 * while the locks of its tables are held: else a page could be found the newest, and be committed after a newer one.
 */
public final class Committer {
    private final OpenSync sync;
    private final RunPermit permit;
    private final Board board;
    private final RequestOrder order = new RequestOrder();
    private final TableLocks locks = new TableLocks();
    /** Keys that are being fetched since they are dirty, without those that got dirty again meanwhile. */
    private final SmallMap<String, Set<RowKey>> fetching = new SmallMap<>();
    /** Commits whose answers were lost: their transactions may still be open. */
    private final SmallMap<LaneId, LaneTrack.Doubt> unknown = new SmallMap<>();

    /** What a lane wants to commit. */
    public interface Step {
        /** All tables that it is about. */
        Set<String> tables();

        /** Decides, from what is true of its tables now; pure but for reading that. Empty: nothing is to be committed. */
        Optional<Decided> decide(RequestOrder order);
    }

    /** What is to be committed; applied are the changes of the batch, with their requests. */
    public record Decided(Batch batch, RequestOrder.Admitted applied) {}

    public Committer(OpenSync sync, RunPermit permit, Board board) {
        this.sync = sync;
        this.permit = permit;
        this.board = board;
    }

    /** Numbers the requests of all lanes. */
    public RequestOrder order() {
        return order;
    }

    /**
     * The lane as committed: from memory, or from the database after a commit that failed. Throws, once, where that one
     * happened and a table that the lane fills can't be made sure of now.
     */
    public LaneState state(LaneTrack track) throws InterruptedException {
        if (track.state().isPresent()) {
            return track.state().get();
        }
        LaneState now = asked(track.lane().id());
        Optional<LaneTrack.Doubt> done = track.uncertain().filter(doubt -> now.seq() > doubt.seq());
        Optional<LaneException> unsure = done.isPresent() ? happened(track, done.get()) : Optional.empty();
        track.know(now);
        if (unsure.isPresent()) {
            throw unsure.get();
        }
        return now;
    }

    /** Asks the database, which waits for the end of a commit whose answer was lost: then it is known whether it happened. */
    private LaneState asked(LaneId lane) throws InterruptedException {
        LaneTrack.Doubt commit = unknown.now().get(lane);
        LaneState now = atDestination(() -> sync.destination().lane(lane));
        if (commit != null) {
            if (now.seq() > commit.seq()) {
                order.applied(commit.applied());
            }
            unknown.change(all -> all.remove(lane, commit));
        }
        return now;
    }

    /** Finds out about a commit of the lane whose answer was lost, if there is one. */
    public void settle(LaneTrack track) throws InterruptedException {
        if (track.uncertain().isPresent()) {
            state(track);
        }
    }

    /** Makes sure of a table of a first pass, where it is not yet; one that is created anew starts from its start. */
    public void prepare(LaneTrack track, String table) throws InterruptedException {
        if (!board.isEnsured(table)) {
            ensure(track, table);
        }
    }

    /** Makes sure of a table that a person has altered, and may have mended or altered again since. */
    public void lookAgain(LaneTrack track, String table) throws InterruptedException {
        requirePermit();
        ensure(track, table);
    }

    private void ensure(LaneTrack track, String table) throws InterruptedException {
        refresh(table);
        track.forget();
        Map<LaneId, LaneState> begun =
                atDestination(() -> sync.destination().begin(OpenSync.starts(List.of(track.lane()))));
        begun.forEach((lane, state) -> sync.leftOut().committed(Map.of(lane, state.checkpoint())));
    }

    /** Does what making sure of a table has left, some rows at a time, so that others get their turn; once more at least. */
    public void tend(String table) throws InterruptedException {
        do {
            requirePermit();
            locks.under(Set.of(table), () -> {
                board.ensured(table, atDestination(() -> sync.destination().tend(table)));
                return true;
            });
        } while (board.table(table).left().isUrgent());
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
    public Optional<LaneState> commit(LaneTrack track, Step step) throws InterruptedException {
        requirePermit();
        return locks.under(step.tables(), () -> {
            awaitUnknown(track.lane().id(), step.tables());
            Optional<Decided> decided = step.decide(order);
            return decided.isEmpty() ? Optional.empty() : Optional.of(commit(track, step.tables(), decided.get()));
        });
    }

    private LaneState commit(LaneTrack track, Set<String> tables, Decided decided) throws InterruptedException {
        Batch batch = decided.batch();
        // before the commit: where its answer is lost they may be dirty again
        batch.dirty().added().forEach(hint -> fetching(hint.table()).remove(hint.key()));
        LaneTrack.Doubt commit = LaneTrack.Doubt.of(tables, batch, decided.applied());
        Committed done = answered(
                track,
                commit,
                () -> track.size()
                        .of(batch.changes().size(), () -> sync.destination().commit(batch)));
        order.applied(decided.applied());
        track.know(done.lane());
        track.retry().succeed();
        sync.leftOut().committed(batch.resets());
        board.committed(track.lane().id(), done);
        return done.lane();
    }

    /** Commits, and remembers that it may have happened where no answer comes. */
    private <T> T answered(LaneTrack track, LaneTrack.Doubt commit, Supplier<T> transaction)
            throws InterruptedException {
        boolean known = false;
        boolean refused = false;
        try {
            T done = atDestination(transaction);
            known = true;
            return done;
        } catch (LaneException e) {
            refused = e.trouble().table().isPresent();
            throw e;
        } finally {
            if (!known) {
                track.doubt(commit);
                if (!refused) {
                    unknown.put(track.lane().id(), commit);
                }
            }
        }
    }

    /** Deletes some of what a re-sync has not met, as alone with the tables as a batch is. */
    public Passes.Swept sweep(LaneTrack track, Passes.Sweep sweep, Set<String> tables) throws InterruptedException {
        requirePermit();
        long seq = state(track).seq();
        return locks.under(tables, () -> {
            awaitUnknown(track.lane().id(), tables);
            LaneTrack.Doubt commit = LaneTrack.Doubt.ofSweep(tables, seq);
            Passes.Swept swept =
                    answered(track, commit, () -> sync.destination().passes().sweep(sweep));
            swept.changed().ifPresent(committed -> {
                track.know(committed.lane());
                board.committed(track.lane().id(), committed);
            });
            return swept;
        });
    }

    /** Does something else to tables while no lane commits to them. */
    public <T> T alone(LaneTrack track, Set<String> tables, Supplier<T> work) throws InterruptedException {
        requirePermit();
        return locks.under(tables, () -> {
            awaitUnknown(track.lane().id(), tables);
            return atDestination(work);
        });
    }

    /**
     * A transaction whose answer was lost may still be open, and what it wrote be seen only once it ends: a delete would
     * miss it. Reading its lane waits for its end. It may have changed what is dirty, which its own lane finds out later.
     */
    private void awaitUnknown(LaneId mine, Set<String> tables) throws InterruptedException {
        for (Map.Entry<LaneId, LaneTrack.Doubt> other : unknown.now().entrySet()) {
            Set<String> shared = new HashSet<>(other.getValue().tables());
            shared.retainAll(tables);
            if (!other.getKey().equals(mine) && !shared.isEmpty()) {
                asked(other.getKey());
                recount(shared);
            }
        }
    }

    /** From now on these dirty keys are being fetched. */
    public void fetching(String table, Collection<RowKey> keys) {
        Set<RowKey> all = ConcurrentHashMap.newKeySet();
        all.addAll(keys);
        fetching.put(table, all);
    }

    /** The keys being fetched that did not get dirty again since: only those are dirty no longer once they are applied. */
    public Set<RowKey> stillFetched(String table) {
        return Set.copyOf(fetching(table));
    }

    private Set<RowKey> fetching(String table) {
        return fetching.computeIfAbsent(table, t -> ConcurrentHashMap.newKeySet());
    }

    /** Counts the dirty keys of these tables anew. */
    public void recount(Set<String> tables) throws InterruptedException {
        locks.under(tables, () -> {
            Map<String, Long> counts = atDestination(sync.destination()::dirtyCounts);
            tables.forEach(table -> board.dirty(table, counts.getOrDefault(table, 0L)));
            return true;
        });
    }

    /**
     * Its answer was lost, but it was committed: what it changed is read again. Where that can't be done of a table that
     * another lane fills, its counters stay old until the next commit, and nobody waits.
     *
     * @return why it can't be done of one that this lane fills
     */
    private Optional<LaneException> happened(LaneTrack track, LaneTrack.Doubt doubt) throws InterruptedException {
        sync.leftOut().committed(doubt.resets());
        Optional<LaneException> unsure = Optional.empty();
        for (String table : doubt.touched()) {
            try {
                refresh(table);
            } catch (LaneException e) {
                Trouble why = e.ofTable().trouble();
                if (sync.firstPass(table).equals(track)) {
                    board.refused(table, why);
                    unsure = Optional.of(e);
                }
            }
        }
        if (!doubt.dirty().isEmpty()) {
            recount(doubt.dirty());
        }
        return unsure;
    }

    private void refresh(String table) throws InterruptedException {
        locks.under(Set.of(table), () -> {
            board.ensured(
                    table,
                    atDestination(
                            () -> sync.destination().ensure(sync.shape(table), sync.fills(table), sync.floor(table))));
            return true;
        });
    }
}

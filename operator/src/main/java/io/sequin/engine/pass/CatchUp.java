package io.sequin.engine.pass;

import io.sequin.data.Change;
import io.sequin.data.ProblemException;
import io.sequin.data.RowKey;
import io.sequin.data.Scope;
import io.sequin.data.TablePhase;
import io.sequin.engine.board.Board;
import io.sequin.engine.commit.Committer;
import io.sequin.engine.commit.LeftBehind;
import io.sequin.engine.fetch.Fetched;
import io.sequin.engine.fetch.HintFetcher;
import io.sequin.engine.fetch.Hints;
import io.sequin.engine.fetch.Pages;
import io.sequin.engine.lane.LaneTrack;
import io.sequin.engine.lane.OpenSync;
import io.sequin.engine.order.Answer;
import io.sequin.engine.order.RequestOrder;
import io.sequin.engine.parts.ByteBudget;
import io.sequin.engine.parts.EngineParts;
import io.sequin.engine.trouble.LaneException;
import io.sequin.engine.trouble.Trouble;
import io.sequin.postgres.load.Batch;
import io.sequin.postgres.load.DirtyMarks;
import io.sequin.postgres.load.LaneState;
import io.sequin.postgres.load.Upkeep;
import io.sequin.source.Lane;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings tables whose first pass is complete up to date: fetches their dirty keys, as a tail does with hints. */
final class CatchUp {
    private static final Logger LOG = LoggerFactory.getLogger(CatchUp.class);

    /** So many fetches are committed together. */
    private static final int GROUPS = 10;

    private final OpenSync sync;
    private final Committer committer;
    private final Board board;
    private final EngineParts parts;
    private final LeftBehind leftBehind;
    /** How many keys were left dirty when a table was listed again: those no listing takes away. */
    private final Map<String, Long> stayed = new ConcurrentHashMap<>();

    CatchUp(OpenSync sync, Committer committer, Board board, EngineParts parts) {
        this.sync = sync;
        this.committer = committer;
        this.board = board;
        this.parts = parts;
        this.leftBehind = new LeftBehind(sync, committer, board, parts.clock());
    }

    /**
     * Where more keys of a table are dirty than are worth fetching one by one, its first pass starts again from the start;
     * only what was reported to be deleted stays dirty, since no list shows it. Where that pass is under way, it goes on:
     * it would not take less time. So does a table whose list leaves rows out: their keys would be lost.
     */
    void relist(LaneTrack track) throws InterruptedException {
        Lane lane = track.lane();
        for (String table : lane.tables()) {
            LaneState at = committer.state(track);
            boolean ahead = isInFirstPass(table) && at.checkpoint().equals(lane.start());
            long more = board.dirty(table) - stayed.getOrDefault(table, 0L);
            boolean all = lane.scopes().getOrDefault(table, Scope.ALL).isWhole();
            if (all && !isPromoting(table) && more > parts.settings().dirtyKeys() && (board.isLive(table) || ahead)) {
                LOG.warn("table {} is listed again: {} of its rows wait to be fetched", table, board.dirty(table));
                committer.commit(track, new Relisting(lane, table, board.isLive(table), at.seq()));
                stayed.put(table, board.dirty(table));
            }
        }
    }

    /** One that could not be made sure of may be live: no list would bring what is dirty of it. */
    private boolean isInFirstPass(String table) {
        return board.isEnsured(table) && !board.isLive(table);
    }

    /** Nothing is written to it before. */
    private boolean isPromoting(String table) {
        return board.table(table).left() == Upkeep.PROMOTE;
    }

    /** Lists a table from the start. */
    private record Relisting(Lane lane, String table, boolean live, long seq) implements Committer.Step {
        @Override
        public Set<String> tables() {
            return lane.tables();
        }

        @Override
        public Optional<Committer.Decided> decide(RequestOrder order) {
            DirtyMarks dirty = new DirtyMarks(List.of(), Map.of(), Set.of(table));
            Map<String, TablePhase> phases = live ? Map.of(table, TablePhase.FIRST_PASS) : Map.of();
            Batch batch =
                    new Batch(lane.id(), seq, lane.start(), List.of(), phases, OpenSync.nothingLeftOut(lane), dirty);
            return Optional.of(new Committer.Decided(batch, RequestOrder.Admitted.NOTHING));
        }
    }

    /**
     * Fetches what is dirty of the tables of a lane that are live.
     *
     * @return what went wrong first with one of the tables; the others were caught up with
     * @throws LaneException where it is not about a table
     */
    Optional<LaneException> run(LaneTrack track) throws InterruptedException {
        List<LaneException> failures = new ArrayList<>();
        for (String table : track.lane().tables()) {
            try {
                boolean fetched = false;
                while (board.isLive(table) && !isPromoting(table) && board.dirty(table) > 0) {
                    some(track, table);
                    board.beat();
                    fetched = true;
                }
                if (fetched) {
                    board.caughtUp(table);
                }
            } catch (LaneException e) {
                if (e.trouble().table().isEmpty()) {
                    throw e;
                }
                board.failed(track.lane().id(), e.trouble());
                failures.add(e);
            }
        }
        return failures.stream().findFirst();
    }

    private void some(LaneTrack track, String table) throws InterruptedException {
        List<Change.Hint> dirty = Trouble.atDestination(
                () -> sync.destination().dirtyKeys(table, parts.settings().fetchGroup() * GROUPS));
        if (dirty.isEmpty()) {
            committer.recount(Set.of(table));
            return;
        }
        HintFetcher fetcher = new HintFetcher(sync.source()::fetch, parts.settings());
        try (ByteBudget.Reservation held = parts.budget().reserve((long) dirty.size() * HintFetcher.ROW_BYTES);
                RequestOrder.Flight flight =
                        committer.order().flight(sync.shapes().keySet())) {
            // before the first request: what gets dirty from now on may have happened after it
            committer.fetching(table, dirty.stream().map(Change.Hint::key).toList());
            Fetched fetched = fetcher.fetch(flight, dirty).only(sync.shapes().keySet());
            Set<String> children = sync.children();
            fetched.changes().forEach(change -> Pages.requireSets(change, children));
            held.resize(Pages.bytes(fetched.changes()));
            if (!fetched.changes().isEmpty()) {
                apply(track, table, fetched);
            }
            Trouble failed = fetched.failed().get(table);
            if (failed != null) {
                throw new LaneException(failed, new ProblemException(failed.problem()));
            }
        }
    }

    /** Commits; another table that refuses what was fetched with it is left behind. */
    private void apply(LaneTrack track, String table, Fetched fetched) throws InterruptedException {
        leftBehind.commit(track, Set.of(table), (at, refused) -> new Step(track.lane(), table, at, fetched, refused));
    }

    /** One commit of what was fetched. */
    private final class Step implements Committer.Step {
        private final Lane lane;
        private final String table;
        private final LaneState at;
        private final Fetched fetched;
        private final Set<String> refused;

        Step(Lane lane, String table, LaneState at, Fetched fetched, Set<String> refused) {
            this.lane = lane;
            this.table = table;
            this.at = at;
            this.fetched = fetched;
            this.refused = refused;
        }

        @Override
        public Set<String> tables() {
            Set<String> tables = new TreeSet<>(Set.of(table));
            fetched.changes().forEach(change -> tables.add(change.table()));
            return tables;
        }

        @Override
        public Optional<Committer.Decided> decide(RequestOrder order) {
            List<Answer> answers = new ArrayList<>();
            List<Change.Hint> added = new ArrayList<>();
            for (Answer answer : fetched.answers()) {
                Map<Boolean, List<Change>> taken =
                        answer.changes().stream().collect(Collectors.partitioningBy(c -> takes(c.table())));
                answers.add(new Answer(answer.number(), taken.getOrDefault(true, List.of())));
                taken.getOrDefault(false, List.of()).forEach(change -> added.add(Hints.of(change)));
            }
            RequestOrder.Admitted admitted = order.admit(answers);
            DirtyMarks dirty = new DirtyMarks(added, Map.of(table, settled()), Set.of());
            Batch batch =
                    new Batch(lane.id(), at.seq(), at.checkpoint(), admitted.changes(), Map.of(), Map.of(), dirty);
            return Optional.of(new Committer.Decided(batch, admitted));
        }

        /** The children of a row may have trouble of their own. */
        private boolean takes(String other) {
            return other.equals(table) || (board.takesRows(other) && !refused.contains(other));
        }

        /** Also those that a later answer has overtaken. */
        private Set<RowKey> settled() {
            Set<RowKey> answered = fetched.changes().stream()
                    .filter(change -> change.table().equals(table))
                    .map(Change::key)
                    .collect(Collectors.toSet());
            answered.retainAll(committer.stillFetched(table));
            return answered;
        }
    }
}

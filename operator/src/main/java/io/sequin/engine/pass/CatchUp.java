package io.sequin.engine.pass;

import io.sequin.data.Change;
import io.sequin.data.RowKey;
import io.sequin.engine.board.Board;
import io.sequin.engine.board.TableEntry;
import io.sequin.engine.commit.Committer;
import io.sequin.engine.commit.LeftBehind;
import io.sequin.engine.fetch.Fetched;
import io.sequin.engine.fetch.HintFetcher;
import io.sequin.engine.fetch.Hints;
import io.sequin.engine.fetch.NamedRows;
import io.sequin.engine.lane.LaneTrack;
import io.sequin.engine.lane.OpenSync;
import io.sequin.engine.order.Answer;
import io.sequin.engine.order.RequestOrder;
import io.sequin.engine.parts.EngineParts;
import io.sequin.engine.trouble.LaneException;
import io.sequin.engine.trouble.Trouble;
import io.sequin.postgres.load.Batch;
import io.sequin.postgres.load.DirtyMarks;
import io.sequin.postgres.load.LaneState;
import io.sequin.postgres.load.Upkeep;
import io.sequin.source.Lane;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
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
    private final NamedRows rows;
    private final LeftBehind leftBehind;
    private final StuckRows stuck;

    CatchUp(OpenSync sync, Committer committer, Board board, EngineParts parts) {
        this.sync = sync;
        this.committer = committer;
        this.board = board;
        this.parts = parts;
        this.rows = new NamedRows(sync, committer.order(), parts);
        this.leftBehind = new LeftBehind(sync, committer, board, parts.clock());
        this.stuck = new StuckRows(parts);
    }

    /** Rows that can't be had. */
    StuckRows stuck() {
        return stuck;
    }

    /**
     * Fetches what is dirty of the tables of a lane that are live. A row that can't be had is left to a later run.
     *
     * @return what went wrong with one of the tables, as {@link LaneException#soonest}; the others were caught up with
     * @throws LaneException where it is not about a table
     */
    Optional<LaneException> run(LaneTrack track) throws InterruptedException {
        List<LaneException> failures = new ArrayList<>();
        for (String table : track.lane().tables()) {
            try {
                boolean fetched = false;
                while (isBehind(table)) {
                    some(track, table);
                    board.beat();
                    fetched = true;
                }
                if (stuck.isDue(table, parts.clock().instant()) && board.isLive(table) && !isPromoting(table)) {
                    stuckOnes(track, table);
                }
                if (fetched) {
                    board.caughtUp(table);
                }
            } catch (LaneException e) {
                board.failed(track.lane().id(), e.ofTable().trouble());
                failures.add(e);
            }
        }
        return LaneException.soonest(failures.stream());
    }

    private boolean isBehind(String table) {
        return board.isLive(table) && !isPromoting(table) && board.dirty(table) > stuck.count(table);
    }

    /** Nothing is written to it before. */
    private boolean isPromoting(String table) {
        return board.table(table).left() == Upkeep.PROMOTE;
    }

    private void some(LaneTrack track, String table) throws InterruptedException {
        Set<RowKey> left = stuck.keys(table);
        int most = Math.min(parts.settings().fetchGroup() * GROUPS, track.size().rows());
        List<Change.Hint> dirty = dirty(table, most + left.size()).stream()
                .filter(hint -> !left.contains(hint.key()))
                .toList();
        if (dirty.isEmpty()) {
            committer.recount(Set.of(table));
            return;
        }
        int failures = track.retry().failures();
        fetch(track, table, dirty, (fetcher, flight, hints) -> fetcher.fetch(flight, hints, failures));
    }

    /** Those that could not be had are asked for again, each by itself. */
    private void stuckOnes(LaneTrack track, String table) throws InterruptedException {
        Instant start = parts.clock().instant();
        Set<RowKey> before = stuck.keys(table);
        List<Change.Hint> dirty = dirty(table, StuckRows.MOST + before.size()).stream()
                .filter(hint -> before.contains(hint.key()))
                .toList();
        Set<RowKey> gone = new HashSet<>(before);
        gone.removeAll(keys(dirty));
        stuck.remove(table, gone);
        if (!dirty.isEmpty()) {
            fetch(track, table, dirty, HintFetcher::fetchAlone);
        }
        Instant now = parts.clock().instant();
        stuck.tried(table, now, Duration.between(start, now));
        show(table);
    }

    private List<Change.Hint> dirty(String table, int most) throws InterruptedException {
        return Trouble.atDestination(() -> sync.destination().dirtyKeys(table, most));
    }

    private static Set<RowKey> keys(Collection<Change.Hint> hints) {
        return hints.stream().map(Change.Hint::key).collect(Collectors.toCollection(HashSet::new));
    }

    private void fetch(LaneTrack track, String table, List<Change.Hint> dirty, NamedRows.Ask ask)
            throws InterruptedException {
        Instant start = parts.clock().instant();
        NamedRows.Ask remembering = (fetcher, flight, hints) -> {
            // before the first request: what gets dirty from now on may have happened after it
            committer.fetching(table, keys(hints));
            return ask.by(fetcher, flight, hints);
        };
        Map<Change.Hint, Trouble> unanswered = new HashMap<>();
        rows.fetch(sync.source()::fetch, dirty, sync.shapes().keySet(), remembering, fetched -> {
            if (!fetched.changes().isEmpty()) {
                apply(track, table, fetched);
            }
            fetched.require(table);
            unanswered.putAll(fetched.unanswered());
            return true;
        });
        Instant now = parts.clock().instant();
        Set<RowKey> answered = keys(dirty);
        answered.removeAll(keys(unanswered.keySet()));
        stuck.remove(table, answered);
        stuck.add(table, unanswered, now, Duration.between(start, now));
        requireFew(table);
        show(table);
    }

    /** Many are no single rows. */
    private void requireFew(String table) {
        Optional<Trouble> why = stuck.trouble(table);
        if (why.isPresent() && stuck.count(table) > StuckRows.MOST) {
            stuck.forget(table);
            show(table);
            throw new LaneException(why.get());
        }
    }

    private void show(String table) {
        Optional<Trouble> why = stuck.trouble(table);
        why.ifPresent(trouble ->
                LOG.warn("table {} goes on: {}", table, trouble.problem().message()));
        board.stuck(table, why.map(trouble -> new TableEntry.Stuck(stuck.count(table), trouble)));
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

package io.sequin.engine.resync;

import static io.sequin.engine.trouble.Trouble.atDestination;

import io.sequin.data.Change;
import io.sequin.data.LaneId;
import io.sequin.data.RowKey;
import io.sequin.data.SmallMap;
import io.sequin.engine.board.Board;
import io.sequin.engine.commit.Committer;
import io.sequin.engine.fetch.Fetched;
import io.sequin.engine.fetch.Hints;
import io.sequin.engine.fetch.NamedRows;
import io.sequin.engine.fetch.Unanswered;
import io.sequin.engine.lane.LaneTrack;
import io.sequin.engine.lane.OpenSync;
import io.sequin.engine.order.Answer;
import io.sequin.engine.parts.EngineParts;
import io.sequin.engine.trouble.LaneException;
import io.sequin.engine.trouble.Trouble;
import io.sequin.postgres.load.LaneState;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the source for rows that a re-sync's listing lacks, before any of them may count as gone: what is still there is
 * written as it is, and so was met.
 */
final class StillThere {
    private static final Logger LOG = LoggerFactory.getLogger(StillThere.class);

    /** So many groups of rows are asked for before what they led to is committed. */
    private static final int GROUPS = 10;

    private final OpenSync sync;
    private final Committer committer;
    private final Board board;
    private final EngineParts parts;
    private final NamedRows rows;
    /** By lane: the row that could not be had, where what was asked for ended. */
    private final SmallMap<LaneId, RowKey> doubtful = new SmallMap<>();

    StillThere(OpenSync sync, Committer committer, Board board, EngineParts parts) {
        this.sync = sync;
        this.committer = committer;
        this.board = board;
        this.parts = parts;
        this.rows = new NamedRows(sync, committer.order(), parts);
    }

    /**
     * Asks for some rows of a table. One that can't be had, though others can, is asked for some times more, and then stays
     * as it is: nobody said that it is gone.
     *
     * @param keys in the order in which they were handed out
     * @return false: a table does not take rows now, the rest is to be asked for later
     * @throws LaneException where they can't be had; what was asked for before is not asked for again
     */
    boolean ask(LaneTrack track, String table, List<RowKey> keys) throws InterruptedException {
        int most = Math.min(parts.settings().fetchGroup() * GROUPS, track.size().rows());
        int from = 0;
        while (from < keys.size()) {
            boolean alone = doubtful.get(track.lane().id())
                    .filter(keys.get(from)::equals)
                    .isPresent();
            int to = alone ? from + 1 : Math.min(keys.size(), from + most);
            if (!some(track, table, keys.subList(from, to), alone)) {
                return false;
            }
            board.beat();
            from = to;
        }
        return true;
    }

    private boolean some(LaneTrack track, String table, List<RowKey> keys, boolean alone) throws InterruptedException {
        int failures = track.retry().failures();
        Set<String> tables = track.lane().tables();
        List<Change.Hint> hints =
                keys.stream().map(key -> new Change.Hint(table, key, false)).toList();
        Outcome outcome = new Outcome(new HashMap<>(), new HashSet<>());
        try {
            boolean written = rows.fetch(
                    sync.source()::confirm,
                    hints,
                    tables,
                    // nobody told of these rows: as to lists, a tail that brings them may have been answered later
                    (fetcher, flight, some) -> committer
                            .order()
                            .inTurn(
                                    tables,
                                    () -> alone
                                            ? fetcher.fetchAlone(flight, some)
                                            : fetcher.fetch(flight, some, failures)),
                    fetched -> use(track, table, fetched, failures, outcome));
            if (!written) {
                return false;
            }
        } catch (LaneException e) {
            // what a rate limit let through is behind it, gone or there: the same limit may never let more through
            List<RowKey> behind =
                    keys.stream().takeWhile(outcome.settled()::contains).toList();
            if (!behind.isEmpty()) {
                // it gets on: limits that are met one after another use up no row's patience
                track.retry().succeed();
            }
            record(track.lane().id(), table, behind);
            throw e;
        }
        asked(track.lane().id(), table, keys, failures < Trouble.PATIENCE ? outcome.unanswered() : Map.of());
        if (!outcome.unanswered().isEmpty()) {
            LOG.warn(
                    "table {}: rows that could not be had stay as they are: {}",
                    table,
                    outcome.unanswered().keySet());
        }
        return true;
    }

    /** What became of rows that were asked for: why some could not be had, and which are written, or gone. */
    private record Outcome(Map<RowKey, Trouble> unanswered, Set<RowKey> settled) {}

    /** @param failures of the lane in a row, before the first piece was written */
    private boolean use(LaneTrack track, String table, Fetched fetched, int failures, Outcome outcome)
            throws InterruptedException {
        fetched.require(table);
        fetched.unanswered().forEach((hint, why) -> outcome.unanswered().put(hint.key(), why));
        Set<RowKey> kept = failures < Trouble.PATIENCE
                ? Set.of()
                : fetched.unanswered().keySet().stream().map(Change.Hint::key).collect(Collectors.toSet());
        List<Answer> there = present(table, fetched.answers());
        boolean done = write(track, there, kept.isEmpty() ? Map.of() : Map.of(table, kept));
        if (done) {
            outcome.settled().addAll(keys(table, fetched.answers()));
        }
        return done;
    }

    /**
     * Remembers how far it has come.
     *
     * @throws LaneException where a row could not be had: as far as the one before it
     */
    private void asked(LaneId lane, String table, List<RowKey> keys, Map<RowKey, Trouble> unanswered)
            throws InterruptedException {
        List<RowKey> done =
                keys.stream().takeWhile(key -> !unanswered.containsKey(key)).toList();
        doubtful.remove(lane);
        record(lane, table, done);
        if (done.size() < keys.size()) {
            doubtful.put(lane, keys.get(done.size()));
            Trouble why = Unanswered.of(table, unanswered);
            throw new LaneException(why);
        }
    }

    private void record(LaneId lane, String table, List<RowKey> done) throws InterruptedException {
        if (!done.isEmpty()) {
            atDestination(() -> {
                sync.destination().passes().asked(lane, table, done.getLast());
                return true;
            });
        }
    }

    /** The rows of the table of which something was said. */
    private static Set<RowKey> keys(String table, List<Answer> answers) {
        return answers.stream()
                .flatMap(answer -> answer.changes().stream())
                .filter(change -> change.table().equals(table))
                .map(Change::key)
                .collect(Collectors.toSet());
    }

    private boolean write(LaneTrack track, List<Answer> there, Map<String, Set<RowKey>> kept)
            throws InterruptedException {
        if (kept.isEmpty() && there.stream().allMatch(answer -> answer.changes().isEmpty())) {
            return true;
        }
        LaneState at = committer.state(track);
        ResyncStep step = new ResyncStep(track.lane(), at.seq(), there, at.checkpoint(), kept, board);
        Optional<LaneState> done = committer.commit(track, step);
        return done.isPresent();
    }

    /** Without what is gone: that is for the sweep, which asks how much may go. */
    static List<Answer> present(String table, List<Answer> answers) {
        Set<RowKey> gone = new HashSet<>();
        Set<RowKey> there = new HashSet<>();
        for (Answer answer : answers) {
            for (Change change : answer.changes()) {
                if (change.table().equals(table)) {
                    (Hints.of(change).deletion() ? gone : there).add(change.key());
                }
            }
        }
        // the set of a parent may come in several pieces, of which the last is empty
        gone.removeAll(there);
        return answers.stream()
                .map(answer -> new Answer(
                        answer.number(),
                        answer.changes().stream()
                                .filter(change -> !gone.contains(change.key()))
                                .toList()))
                .toList();
    }
}

package io.sequin.engine;

import static io.sequin.engine.Trouble.atSource;

import io.sequin.data.Change;
import io.sequin.data.Checkpoint;
import io.sequin.data.LaneId;
import io.sequin.data.Problem;
import io.sequin.data.ProblemException;
import io.sequin.data.Remedy;
import io.sequin.postgres.PostgresProblem;
import io.sequin.postgres.load.Batch;
import io.sequin.postgres.load.LaneState;
import io.sequin.source.Lane;
import io.sequin.source.Page;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Follows the changes of a lane's tables. Runs only while no first pass of one of them does. */
final class Tail {
    private static final Logger LOG = LoggerFactory.getLogger(Tail.class);

    /** What fetching one row is expected to take in memory. */
    private static final int ROW_BYTES = 16 << 10;

    /** Trouble of one table that is expected to pass is waited for so often, before the table is left behind. */
    static final int PATIENCE = 5;

    private final OpenSync sync;
    private final Committer committer;
    private final Board board;
    private final EngineParts parts;
    private final HintFetcher fetcher;
    private @Nullable Unfinished unfinished;
    private @Nullable Instant begun;
    private volatile boolean wanted;

    /**
     * A page that was read but not applied yet. It is used again together with what was fetched for it: a page read anew
     * may hold a later event of a row that was fetched before that event. One that brought rows is not: another lane may
     * have written newer ones since.
     *
     * @param live tables that were live when rows were fetched for it last
     * @param writes what other lanes had written then
     */
    private record Unfinished(
            LaneId lane,
            Checkpoint from,
            List<Change> read,
            Checkpoint next,
            Set<String> live,
            Map<String, Long> writes) {
        boolean isHintsAlone() {
            return read.stream().allMatch(Change.Hint.class::isInstance);
        }
    }

    Tail(OpenSync sync, Committer committer, Board board, EngineParts parts) {
        this.sync = sync;
        this.committer = committer;
        this.board = board;
        this.parts = parts;
        this.fetcher = new HintFetcher(sync.source(), parts.settings());
    }

    /**
     * Reads and applies until there is nothing newer, or until it is to give way. Writes nothing where nothing happened.
     *
     * @return whether there is nothing newer; else the next poll goes on from the last commit
     * @throws LaneException where something failed; the next poll goes on from the last commit
     */
    boolean poll(LaneTrack track) throws InterruptedException {
        wanted = false;
        Instant sourceNow = begun == null ? atSource(() -> sync.source().sourceNow()) : begun;
        boolean end = false;
        while (!end) {
            end = step(track);
            board.beat();
            if (!end && wanted) {
                // what comes before this place was read as it was then
                begun = sourceNow;
                return false;
            }
        }
        begun = null;
        board.caughtUp(track.lane(), sourceNow);
        return true;
    }

    /** Another tail waits for a table of this one: the poll stops after its next commit. For any thread. */
    void giveWay() {
        wanted = true;
    }

    private boolean step(LaneTrack track) throws InterruptedException {
        LaneState at = committer.state(track);
        boolean again = resume(track, at);
        List<Change> read = new ArrayList<>();
        try (ByteBudget.Reservation held =
                parts.budget().reserve(parts.settings().pageBytes())) {
            Page page = again ? unfinished(read) : read(track.lane(), at.checkpoint(), read, held);
            if (read.isEmpty() && page.next().equals(at.checkpoint())) {
                return page.end();
            }
            List<Change.Hint> hints = read.stream()
                    .filter(Change.Hint.class::isInstance)
                    .map(Change.Hint.class::cast)
                    .toList();
            held.resize(Pages.bytes(read) + (long) hints.size() * ROW_BYTES);
            if (!again) {
                keep(track.lane().id(), at.checkpoint(), List.copyOf(read), page.next());
            }
            Fetched fetched = fetch(track, hints);
            fetched.failed().forEach((table, trouble) -> leaveBehind(track, table, trouble));
            read.removeAll(hints);
            Set<String> children = sync.children();
            Stream.concat(read.stream(), fetched.changes().stream()).forEach(c -> Pages.requireSets(c, children));
            held.resize(Pages.bytes(read) + Pages.bytes(fetched.changes()));
            apply(track, at, page.next(), read, fetched);
            finished();
            return page.end();
        }
    }

    private void keep(LaneId lane, Checkpoint from, List<Change> read, Checkpoint next) {
        unfinished = new Unfinished(lane, from, read, next, live(), committer.writesOfOthers(lane));
    }

    /** Whether the page that failed last is next; its rows of tables that were filled or written since are fetched again. */
    private boolean resume(LaneTrack track, LaneState at) {
        Unfinished last = unfinished;
        if (last == null
                || !last.lane().equals(track.lane().id())
                || !last.from().equals(at.checkpoint())
                || !last.isHintsAlone()) {
            finished();
            return false;
        }
        live().stream().filter(table -> !last.live().contains(table)).forEach(fetcher::forget);
        committer.writesOfOthers(last.lane()).entrySet().stream()
                .filter(now -> !now.getValue().equals(last.writes().get(now.getKey())))
                .forEach(now -> fetcher.forget(now.getKey()));
        keep(last.lane(), last.from(), last.read(), last.next());
        return true;
    }

    /** Not the end: more may have come since it was read. */
    private Page unfinished(List<Change> into) {
        Unfinished last = Objects.requireNonNull(unfinished);
        into.addAll(last.read());
        return new Page(last.read(), last.next(), true, false);
    }

    private void finished() {
        unfinished = null;
        fetcher.forget();
    }

    private Set<String> live() {
        return sync.shapes().keySet().stream().filter(board::isLive).collect(Collectors.toSet());
    }

    /** A try that got some of the rows is no failure in a row. */
    private Fetched fetch(LaneTrack track, List<Change.Hint> hints) throws InterruptedException {
        int before = fetcher.keptRows();
        try {
            return fetcher.fetch(hints).only(sync.shapes().keySet());
        } catch (LaneException e) {
            if (fetcher.keptRows() > before) {
                track.retry().succeed();
            }
            throw e;
        }
    }

    private Page read(Lane lane, Checkpoint from, List<Change> into, ByteBudget.Reservation held)
            throws InterruptedException {
        Checkpoint position = from;
        while (true) {
            Checkpoint at = position;
            Page page =
                    atSource(() -> sync.source().read(lane, at, parts.settings().pageBytes()));
            Pages.requireProgress(lane, at, page);
            into.addAll(page.changes());
            if (page.safe()) {
                return page;
            }
            held.resize(Pages.bytes(into) + parts.settings().pageBytes());
            position = page.next();
        }
    }

    /** Commits; a table that Postgres refuses is left behind and the rest is tried again. */
    private void apply(LaneTrack track, LaneState from, Checkpoint after, List<Change> read, Fetched fetched)
            throws InterruptedException {
        Map<String, Lane> firstPasses = sync.firstPasses().entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().lane()));
        Set<String> skipped = new TreeSet<>(sync.shapes().keySet());
        skipped.removeIf(board::isLive);
        Set<String> refusing = new TreeSet<>(skipped);
        refusing.removeIf(table -> sync.refused().of(table).isEmpty());
        Set<String> untouchable = new TreeSet<>(sync.shapes().keySet());
        untouchable.removeIf(board::isEnsured);
        Set<String> recorded = new TreeSet<>(sync.recorded());
        sync.shapes().keySet().stream().filter(board::isEnsured).forEach(recorded::add);
        LaneState at = from;
        while (at.seq() == from.seq()) {
            TailTables tables = new TailTables(skipped, refusing, untouchable, recorded, sync.children(), firstPasses);
            TailBatch step = new TailBatch(read, fetched, tables, sync.refused(), sync.leftOut());
            requireDeliverable(step);
            Batch batch = step.decide(track.lane().id(), at.seq(), after);
            try {
                at = committer.commit(track, batch);
            } catch (LaneException e) {
                String table = e.trouble().table().orElseThrow(() -> e);
                boolean fresh = skipped.add(table);
                fresh |= e.trouble().code() == PostgresProblem.DELETE_REFUSED && refusing.add(table);
                if (!fresh && (e.trouble().code() != PostgresProblem.TABLE_CONFLICT || !untouchable.add(table))) {
                    throw e;
                }
                leaveBehind(track, table, e.trouble());
                at = committer.state(track);
            }
        }
    }

    private static void requireDeliverable(TailBatch step) {
        Set<String> blocked = step.undeliverable();
        if (!blocked.isEmpty()) {
            ProblemException conflict = new ProblemException(Problem.of(
                    PostgresProblem.TABLE_CONFLICT,
                    "rows were deleted at the source from tables that are not ours to write any more: "
                            + String.join(", ", blocked) + ". Changes of all tables wait until they are given back"));
            throw new LaneException(new Trouble(Trouble.Area.SCHEMA, Optional.empty(), conflict.problem()), conflict);
        }
    }

    /** The table's trouble stops that table only; its first pass comes again after a backoff. */
    private void leaveBehind(LaneTrack track, String table, Trouble trouble) {
        LaneTrack firstPass = sync.firstPass(table);
        if (board.isLive(table)) {
            if (trouble.code().remedy() == Remedy.TRANSIENT && track.retry().failures() < PATIENCE) {
                throw new LaneException(trouble, new ProblemException(trouble.problem()));
            }
            LOG.warn("table {} is left behind: {}", table, trouble.problem().message());
            firstPass.retry().fail(trouble, parts.clock().instant(), Duration.ZERO);
        }
        board.failed(firstPass.lane().id(), trouble);
    }
}

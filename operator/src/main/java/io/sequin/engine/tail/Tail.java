package io.sequin.engine.tail;

import static io.sequin.engine.trouble.Trouble.atSource;

import io.sequin.data.Change;
import io.sequin.data.Checkpoint;
import io.sequin.engine.board.Board;
import io.sequin.engine.commit.Committer;
import io.sequin.engine.commit.LeftBehind;
import io.sequin.engine.fetch.Fetched;
import io.sequin.engine.fetch.HintFetcher;
import io.sequin.engine.fetch.Pages;
import io.sequin.engine.lane.LaneTrack;
import io.sequin.engine.lane.OpenSync;
import io.sequin.engine.order.RequestOrder;
import io.sequin.engine.parts.ByteBudget;
import io.sequin.engine.parts.EngineParts;
import io.sequin.engine.trouble.LaneException;
import io.sequin.engine.trouble.Trouble;
import io.sequin.postgres.load.LaneState;
import io.sequin.source.Lane;
import io.sequin.source.Page;
import io.sequin.source.SourceProblem;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Follows the changes of a lane's tables; what happens to a table that does not take rows gets dirty. */
public final class Tail {
    private static final Logger LOG = LoggerFactory.getLogger(Tail.class);
    private final OpenSync sync;
    private final LaneTrack track;
    private final Committer committer;
    private final Board board;
    private final EngineParts parts;
    private final Predicate<Change.Hint> stuck;
    private final LeftBehind leftBehind;
    private final HintFetcher fetcher;
    private final RequestOrder.Flight flight;
    /** The tables whose rows it may bring. */
    private final Set<String> tables;

    private @Nullable TailPage unfinished;
    /** When a poll began that has not come to its end; null: the last one has. */
    private @Nullable Instant asOf;

    /** @param stuck rows that can't be had, and are asked for by the lane of their table */
    public Tail(
            OpenSync sync,
            LaneTrack track,
            Committer committer,
            Board board,
            EngineParts parts,
            Predicate<Change.Hint> stuck) {
        this.sync = sync;
        this.track = track;
        this.committer = committer;
        this.board = board;
        this.parts = parts;
        this.stuck = stuck;
        this.leftBehind = new LeftBehind(sync, committer, board, parts.clock());
        this.fetcher = new HintFetcher(sync.source()::fetch, parts.settings());
        // what hints lead to may be of other tables, too
        this.tables = track.lane().hintsAlone()
                ? sync.shapes().keySet()
                : track.lane().tables();
        this.flight = committer.order().flight(tables);
    }

    /**
     * Reads and applies until there is nothing newer, or until it brings rows of a table that does not take them. Writes
     * nothing where nothing happened.
     *
     * @throws LaneException where something failed; the next poll goes on from the last commit
     */
    public void poll() throws InterruptedException {
        // one that a limit has stopped goes on with the time at which it began
        Instant began = asOf == null ? parts.clock().instant() : asOf;
        asOf = began;
        Poll made = Poll.MORE;
        try {
            while (made == Poll.MORE) {
                made = step();
                board.beat();
            }
        } catch (LaneException e) {
            if (!isWorthKeeping(e.trouble())) {
                finished();
            }
            if (e.trouble().code() != SourceProblem.RATE_LIMITED) {
                asOf = null;
            }
            throw e;
        }
        asOf = null;
        if (made == Poll.END) {
            board.caughtUp(track.lane(), began);
        }
    }

    private enum Poll {
        MORE,
        END,
        /** Nothing was committed, and the same will be read later. */
        WAITS
    }

    private Poll step() throws InterruptedException {
        LaneState at = committer.state(track);
        try (ByteBudget.Reservation held =
                parts.budget().reserve(parts.settings().pageBytes())) {
            boolean again = resumes(at);
            TailPage page = again && unfinished != null ? unfinished : readInTurn(at.checkpoint(), held);
            if (page.read().isEmpty() && page.next().equals(at.checkpoint())) {
                finished();
                return page.end() ? Poll.END : Poll.MORE;
            }
            unfinished = page;
            List<Change.Hint> hints = new ArrayList<>(page.hints());
            List<Change.Hint> unread = hints.stream()
                    .filter(hint -> !board.table(hint.table()).isFetched() || stuck.test(hint))
                    .toList();
            hints.removeAll(unread);
            held.resize(Pages.bytes(page.read())
                    + (hints.isEmpty() ? 0 : parts.settings().pageBytes()));
            Fetched fetched = fetch(hints);
            fetched.failed().forEach((table, trouble) -> leftBehind.add(track, table, trouble));
            fetched.unanswered()
                    .forEach((hint, trouble) -> LOG.info(
                            "a row of table {} gets dirty: {}",
                            hint.table(),
                            trouble.problem().message()));
            Set<String> children = sync.children();
            page.rows().changes().forEach(c -> Pages.requireSets(c, children));
            fetched.changes().forEach(c -> Pages.requireSets(c, children));
            held.resize(Pages.bytes(page.read()) + Pages.bytes(fetched.changes()));
            List<Change.Hint> missed = new ArrayList<>(unread);
            missed.addAll(fetched.missed());
            missed.addAll(fetched.unanswered().keySet());
            TailBatch batch = new TailBatch(
                    page.rows(), fetched.answers(), new TailBatch.Unread(page.number(), missed), children);
            // the last piece alone moves the cursor
            boolean whole = fetched.rest().isEmpty();
            boolean applied = apply(whole ? page.next() : page.from(), batch);
            if (applied && !whole) {
                unfinished = page.left(fetched.rest(), parts.clock().instant());
                fetcher.forget();
                return Poll.MORE;
            }
            finished();
            // where a page is used again more may have come since it was read
            return !applied ? Poll.WAITS : page.end() && !again ? Poll.END : Poll.MORE;
        }
    }

    /** Whether the page that failed last is next. */
    private boolean resumes(LaneState at) {
        boolean again = unfinished != null && unfinished.isHintsAlone() && at.isAt(unfinished.from());
        if (!again) {
            finished();
        }
        return again;
    }

    private void finished() {
        unfinished = null;
        fetcher.forget();
        flight.close();
    }

    private boolean isWorthKeeping(Trouble trouble) {
        return unfinished != null && unfinished.isHintsAlone() && !isLong(unfinished, trouble);
    }

    private boolean isLong(TailPage page, Trouble trouble) {
        return page.isLong(parts.clock().instant(), trouble.problem().retryAt());
    }

    /** A try that got some of the rows is no failure in a row. */
    private Fetched fetch(List<Change.Hint> hints) throws InterruptedException {
        int before = fetcher.keptRows();
        try {
            return fetcher.fetch(flight, hints, track.retry().failures()).only(tables);
        } catch (LaneException e) {
            if (e.trouble().code() == SourceProblem.RATE_LIMITED
                    && unfinished != null
                    && unfinished.isHintsAlone()
                    && isLong(unfinished, e.trouble())) {
                // a limit that lets less through in that time than a page names: the rest gets dirty, and its turn
                return fetcher.kept(hints).only(tables);
            }
            if (fetcher.keptRows() > before) {
                track.retry().succeed();
            }
            throw e;
        }
    }

    /** What only names rows waits for nobody: they are fetched afterwards. */
    private TailPage readInTurn(Checkpoint from, ByteBudget.Reservation held) throws InterruptedException {
        Lane lane = track.lane();
        return lane.hintsAlone() ? read(from, held) : committer.order().inTurn(lane.tables(), () -> read(from, held));
    }

    /** Several pages between which it is not safe to stop are one, as old as the first. */
    private TailPage read(Checkpoint from, ByteBudget.Reservation held) throws InterruptedException {
        List<Change> read = new ArrayList<>();
        Lane lane = track.lane();
        long number = flight.sent();
        Checkpoint position = from;
        while (true) {
            Checkpoint at = position;
            Page page =
                    atSource(() -> sync.source().read(lane, at, parts.settings().pageBytes()));
            Pages.requireProgress(lane, at, page);
            read.addAll(page.changes());
            if (page.safe()) {
                return new TailPage(
                        from,
                        number,
                        read,
                        page.next(),
                        page.end(),
                        parts.clock().instant());
            }
            held.resize(Pages.bytes(read) + parts.settings().pageBytes());
            position = page.next();
        }
    }

    /**
     * Commits; a table that Postgres refuses is left behind and the rest is tried again.
     *
     * @return false: it brought rows itself of a table that does not take them now, and nothing was committed
     */
    private boolean apply(Checkpoint after, TailBatch batch) throws InterruptedException {
        Set<String> own = batch.read().changes().stream().map(Change::table).collect(Collectors.toSet());
        return leftBehind
                .commit(track, own, (at, refused) -> new Step(batch, refused, at.seq(), after))
                .isPresent();
    }

    /** One try to commit a batch, but for the changes of tables that have refused it. */
    private final class Step implements Committer.Step, TailBatch.Tables {
        private final TailBatch batch;
        private final Set<String> refused;
        private final long seq;
        private final Checkpoint after;

        Step(TailBatch batch, Set<String> refused, long seq, Checkpoint after) {
            this.batch = batch;
            this.refused = refused;
            this.seq = seq;
            this.after = after;
        }

        @Override
        public Set<String> tables() {
            return batch.tables();
        }

        @Override
        public Optional<Committer.Decided> decide(RequestOrder order) {
            return batch.mustWait(this)
                    ? Optional.empty()
                    : Optional.of(batch.decide(track.lane().id(), seq, after, this, order));
        }

        @Override
        public boolean takesRows(String table) {
            return board.takesRows(table) && !refused.contains(table);
        }

        @Override
        public boolean takesDeletions(String table) {
            return board.table(table).takesDeletions() && !refused.contains(table);
        }
    }
}

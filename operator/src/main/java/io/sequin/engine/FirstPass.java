package io.sequin.engine;

import static io.sequin.engine.Trouble.atSource;

import io.sequin.data.Checkpoint;
import io.sequin.postgres.load.LaneState;
import io.sequin.source.Lane;
import io.sequin.source.Page;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Lists the tables of one lane from where it stands to the end. Pages are gathered first, then committed together. Rows of
 * a parent and of its children share a commit.
 */
final class FirstPass {
    private final OpenSync sync;
    private final Committer committer;
    private final Board board;
    private final EngineParts parts;

    FirstPass(OpenSync sync, Committer committer, Board board, EngineParts parts) {
        this.sync = sync;
        this.committer = committer;
        this.board = board;
        this.parts = parts;
    }

    /**
     * Runs until its tables are live.
     *
     * @throws LaneException where something failed, or a table was left out; the lane can be run again and goes on from
     *     the last commit
     */
    void run(LaneTrack track) throws InterruptedException {
        Optional<LaneException> cause = Optional.empty();
        while (cause.isEmpty() && !track.lane().tables().stream().allMatch(board::isLive)) {
            PassRun run = new PassRun(track, sync.leftOut(), board);
            fill(track, run);
            cause = run.cause();
        }
        if (cause.isPresent()) {
            throw cause.get();
        }
    }

    private void fill(LaneTrack track, PassRun run) throws InterruptedException {
        for (String table : track.lane().tables()) {
            try {
                committer.prepare(track, table);
            } catch (LaneException e) {
                run.leaveOut(e);
            }
        }
        LaneState at = committer.state(track);
        if (run.isDone() && sync.leftOut().of(track.lane().id()).isEmpty()) {
            // an answer that was lost said so
            return;
        }
        boolean first = true;
        do {
            run.unfilled().forEach(board::started);
            try (Gathered gathered = gather(track.lane(), run.lane(), at.checkpoint(), first)) {
                at = committer.commit(track, new Step(run, at.seq(), gathered)).orElseThrow();
                run.lane().tables().forEach(board::advanced);
                // the first one is small, so that progress shows soon
                first = false;
            } catch (LaneException e) {
                run.leaveOut(e);
                at = committer.state(track);
            }
        } while (!run.isDone());
    }

    private Gathered gather(Lane whole, Lane lane, Checkpoint from, boolean onePage) throws InterruptedException {
        EngineSettings settings = parts.settings();
        Gathered gathered = new Gathered(
                parts.budget().reserve(settings.pageBytes()), committer.order().flight(whole.tables()), from);
        Set<String> children = sync.children();
        Instant latest = parts.clock().instant().plus(settings.batchTime());
        boolean complete = false;
        try {
            while (true) {
                Checkpoint position = gathered.position;
                long number = gathered.flight.sent();
                Page page = atSource(() -> sync.source().read(lane, position, settings.pageBytes()));
                Pages.requireProgress(whole, position, page);
                page.changes().forEach(change -> Pages.requireSets(change, children));
                gathered.add(number, page);
                board.beat();
                boolean enough = onePage
                        || gathered.rows >= settings.batchRows()
                        || gathered.bytes >= settings.batchBytes()
                        || !parts.clock().instant().isBefore(latest);
                if (page.end() || (page.safe() && (enough || !gathered.held.tryGrow(settings.pageBytes())))) {
                    complete = true;
                    return gathered;
                }
                if (!page.safe()) {
                    gathered.overdraw(settings.pageBytes());
                }
            }
        } finally {
            if (!complete) {
                gathered.close();
            }
        }
    }

    /** One commit of a pass. */
    private record Step(PassRun run, long seq, Gathered gathered) implements Committer.Step {
        @Override
        public Set<String> tables() {
            return run.all();
        }

        @Override
        public Optional<Committer.Decided> decide(RequestOrder order) {
            return Optional.of(run.decide(seq, gathered.answers, gathered.position, gathered.end, order));
        }
    }

    /** Pages on their way to a commit. */
    private static final class Gathered implements AutoCloseable {
        private final ByteBudget.Reservation held;
        private final RequestOrder.Flight flight;
        private final List<Answer> answers = new ArrayList<>();
        private Checkpoint position;
        private int rows;
        private long bytes;
        private boolean end;

        Gathered(ByteBudget.Reservation held, RequestOrder.Flight flight, Checkpoint from) {
            this.held = held;
            this.flight = flight;
            this.position = from;
        }

        void add(long number, Page page) {
            answers.add(new Answer(number, page.changes()));
            rows += page.changes().size();
            bytes += Pages.bytes(page.changes());
            held.resize(bytes);
            position = page.next();
            end = page.end();
        }

        /** It must go on, and must not wait while it holds something. */
        void overdraw(int more) {
            held.resize(bytes + more);
        }

        @Override
        public void close() {
            flight.close();
            held.close();
        }
    }
}

package io.sequin.engine;

import static io.sequin.engine.Trouble.atSource;

import io.sequin.data.Change;
import io.sequin.data.Checkpoint;
import io.sequin.data.LaneId;
import io.sequin.data.TablePhase;
import io.sequin.postgres.load.Batch;
import io.sequin.postgres.load.LaneState;
import io.sequin.source.Lane;
import io.sequin.source.Page;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Lists one table from where its lane stands to the end. Pages are gathered first, then committed together. */
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
     * Runs until the table is live.
     *
     * @throws LaneException where something failed; the lane can be run again and goes on from the last commit
     */
    void run(LaneTrack track) throws InterruptedException {
        String table = OpenSync.tableOf(track.lane());
        committer.prepare(track);
        LaneState at = deleteRefused(track, committer.state(track));
        boolean first = true;
        while (!board.isLive(table)) {
            board.started(table);
            try (Gathered gathered = gather(track.lane(), at.checkpoint(), first)) {
                at = committer.commit(track, gathered.batch(track.lane(), at.seq()));
            }
            board.advanced(table);
            // the first one is small, so that progress shows soon
            first = false;
        }
    }

    /** Deletes that Postgres refused before come first: a row that is listed later is there again. */
    private LaneState deleteRefused(LaneTrack track, LaneState at) throws InterruptedException {
        String table = OpenSync.tableOf(track.lane());
        List<Change> deletes = sync.refused().of(table).stream()
                .<Change>map(key -> new Change.Delete(table, key))
                .toList();
        if (deletes.isEmpty()) {
            return at;
        }
        Map<LaneId, Checkpoint> none = Map.of(RefusedDeletes.lane(table), RefusedDeletes.NONE);
        return committer.commit(
                track, new Batch(track.lane().id(), at.seq(), at.checkpoint(), deletes, Map.of(), none));
    }

    private Gathered gather(Lane lane, Checkpoint from, boolean onePage) throws InterruptedException {
        EngineSettings settings = parts.settings();
        Gathered gathered = new Gathered(parts.budget().reserve(settings.pageBytes()), from);
        Instant latest = parts.clock().instant().plus(settings.batchTime());
        boolean complete = false;
        try {
            while (true) {
                Checkpoint position = gathered.position;
                Page page = atSource(() -> sync.source().read(lane, position, settings.pageBytes()));
                Pages.requireProgress(lane, position, page);
                gathered.add(page);
                board.beat();
                boolean enough = onePage
                        || gathered.changes.size() >= settings.batchRows()
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

    /** Pages on their way to a commit. */
    private static final class Gathered implements AutoCloseable {
        private final ByteBudget.Reservation held;
        private final List<Change> changes = new ArrayList<>();
        private Checkpoint position;
        private long bytes;
        private boolean end;

        Gathered(ByteBudget.Reservation held, Checkpoint from) {
            this.held = held;
            this.position = from;
        }

        void add(Page page) {
            changes.addAll(page.changes());
            bytes += Pages.bytes(page.changes());
            held.resize(bytes);
            position = page.next();
            end = page.end();
        }

        /** It must go on, and must not wait while it holds something. */
        void overdraw(int more) {
            held.resize(bytes + more);
        }

        Batch batch(Lane lane, long seq) {
            Map<String, TablePhase> phases = end ? Map.of(OpenSync.tableOf(lane), TablePhase.LIVE) : Map.of();
            return new Batch(lane.id(), seq, position, changes, phases, Map.of());
        }

        @Override
        public void close() {
            held.close();
        }
    }
}

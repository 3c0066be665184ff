package io.sequin.engine;

import static io.sequin.engine.Trouble.atSource;

import io.sequin.data.Checkpoint;
import io.sequin.source.Lane;
import io.sequin.source.Page;
import java.time.Instant;
import java.util.Set;

/** Reads pages of a listing until they are worth a commit. */
final class Gatherer {
    private final OpenSync sync;
    private final Committer committer;
    private final Board board;
    private final EngineParts parts;

    Gatherer(OpenSync sync, Committer committer, Board board, EngineParts parts) {
        this.sync = sync;
        this.committer = committer;
        this.board = board;
        this.parts = parts;
    }

    /**
     * Reads on.
     *
     * @param whole the source's own lane
     * @param lane the same, without the tables that are not wanted now
     * @param onePage no more than it takes to stop safely
     */
    Gathered gather(Lane whole, Lane lane, Checkpoint from, boolean onePage) throws InterruptedException {
        EngineSettings settings = parts.settings();
        Gathered gathered = new Gathered(
                parts.budget().reserve(settings.pageBytes()), committer.order().flight(whole.tables()), from);
        Set<String> children = sync.children();
        Instant latest = parts.clock().instant().plus(settings.batchTime());
        boolean complete = false;
        try {
            while (true) {
                Checkpoint position = gathered.position();
                long number = gathered.flight.sent();
                Page page = atSource(() -> sync.source().read(lane, position, settings.pageBytes()));
                Pages.requireProgress(whole, position, page);
                page.changes().forEach(change -> Pages.requireSets(change, children));
                gathered.add(number, page);
                board.beat();
                boolean enough = onePage
                        || gathered.rows() >= settings.batchRows()
                        || gathered.bytes() >= settings.batchBytes()
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
}

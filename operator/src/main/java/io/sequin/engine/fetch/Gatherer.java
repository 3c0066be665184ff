package io.sequin.engine.fetch;

import static io.sequin.engine.trouble.Trouble.atSource;

import io.sequin.data.Checkpoint;
import io.sequin.engine.board.Board;
import io.sequin.engine.lane.OpenSync;
import io.sequin.engine.order.RequestOrder;
import io.sequin.engine.parts.ByteBudget;
import io.sequin.engine.parts.EngineParts;
import io.sequin.engine.parts.EngineSettings;
import io.sequin.engine.trouble.LaneException;
import io.sequin.source.Lane;
import io.sequin.source.Page;
import io.sequin.source.SourceProblem;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** Reads pages of a listing until they are worth a commit. */
public final class Gatherer {
    private final OpenSync sync;
    private final RequestOrder order;
    private final Board board;
    private final EngineParts parts;

    public Gatherer(OpenSync sync, RequestOrder order, Board board, EngineParts parts) {
        this.sync = sync;
        this.order = order;
        this.board = board;
        this.parts = parts;
    }

    /**
     * Reads on.
     *
     * @param whole the source's own lane
     * @param lane the same, without the tables that are not wanted now
     * @param most so many rows are enough, where settings don't say fewer; what it takes to stop safely is read in any case
     */
    Gathered gather(Lane whole, Lane lane, Checkpoint from, int most) throws InterruptedException {
        return fill(start(whole, from, parts.budget().reserve(parts.settings().pageBytes())), whole, lane, most);
    }

    /**
     * Begins a batch that {@link #fill} reads while something else is done. Empty: there is no room for it now.
     */
    Optional<Gathered> ahead(Lane whole, Checkpoint from) throws InterruptedException {
        return parts.budget().reserveAhead(parts.settings().pageBytes()).map(held -> start(whole, from, held));
    }

    private Gathered start(Lane whole, Checkpoint from, ByteBudget.Reservation held) {
        Instant latest = parts.clock().instant().plus(parts.settings().batchTime());
        return new Gathered(held, order.flight(whole.tables()), from, latest);
    }

    /** What was fetched ahead is needed now; where it is less than a batch for want of room, the rest is read. */
    Gathered complete(Gathered ahead, Lane whole, Lane lane, int most) throws InterruptedException {
        ahead.held.needed();
        boolean more = !ahead.end()
                && !isEnough(ahead, most)
                && ahead.held.tryGrow(parts.settings().pageBytes());
        return more ? fill(ahead, whole, lane, most) : ahead;
    }

    /** Reads into what was begun, and closes it where that fails. */
    Gathered fill(Gathered gathered, Lane whole, Lane lane, int most) throws InterruptedException {
        boolean complete = false;
        try {
            while (true) {
                Gathered read = order.inTurn(lane.tables(), () -> read(gathered, whole, lane));
                boolean enough = read.end() || isEnough(read, most);
                if (enough || !read.held.tryGrow(parts.settings().pageBytes())) {
                    complete = true;
                    return read;
                }
            }
        } catch (LaneException e) {
            if (e.trouble().code() != SourceProblem.RATE_LIMITED || !gathered.isOfUse()) {
                throw e;
            }
            // what is there counts: the same limit may never let a whole batch through at once
            complete = true;
            return gathered;
        } finally {
            if (!complete) {
                gathered.close();
            }
        }
    }

    /** Reads until it is safe to stop. */
    private Gathered read(Gathered gathered, Lane whole, Lane lane) throws InterruptedException {
        int most = parts.settings().pageBytes();
        Set<String> children = sync.children();
        while (true) {
            Checkpoint position = gathered.position();
            long number = gathered.flight.sent();
            Page page = atSource(() -> sync.source().read(lane, position, most));
            Pages.requireProgress(whole, position, page);
            page.changes().forEach(change -> Pages.requireSets(change, children));
            gathered.add(number, page);
            board.beat();
            if (page.end() || page.safe()) {
                return gathered;
            }
            gathered.overdraw(most);
        }
    }

    private boolean isEnough(Gathered gathered, int most) {
        EngineSettings settings = parts.settings();
        return gathered.rows() >= Math.min(settings.batchRows(), most)
                || gathered.bytes() >= settings.batchBytes()
                || !parts.clock().instant().isBefore(gathered.latest());
    }
}

package io.sequin.engine;

import io.sequin.data.TablePhase;
import io.sequin.postgres.load.TableStatus;
import io.sequin.source.SourceProblem;
import java.time.Instant;
import java.util.Optional;

/**
 * What the loop knows of a table.
 *
 * @param status as the database has it; empty where the table could not be made sure of
 * @param started its first pass has committed something, or runs
 */
record TableEntry(Optional<TableStatus> status, boolean started, Optional<Trouble> trouble) {
    static final TableEntry UNKNOWN = new TableEntry(Optional.empty(), false, Optional.empty());

    boolean live() {
        return status.filter(s -> s.phase() == TablePhase.LIVE).isPresent();
    }

    /** After a commit. What was never made sure of stays so, though the commit changed its phase. */
    TableEntry with(TableStatus next) {
        if (status.isEmpty()) {
            return this;
        }
        return new TableEntry(Optional.of(next), started, next.phase() == TablePhase.LIVE ? Optional.empty() : trouble);
    }

    TableEntry withStarted() {
        return new TableEntry(status, true, trouble);
    }

    TableEntry with(Trouble next) {
        return new TableEntry(status, started, Optional.of(next));
    }

    /**
     * A batch of its first pass went through: the source gives the table again. What Postgres refused may come later in
     * the pass, so that trouble lasts until the table is live.
     */
    TableEntry advanced() {
        return new TableEntry(status, true, trouble.filter(t -> t.area() != Trouble.Area.SOURCE));
    }

    /** The source gives its rows. */
    TableEntry answered() {
        return new TableEntry(status, started, trouble.filter(t -> t.area() != Trouble.Area.SOURCE));
    }

    /** It could not be made sure of: nothing may be written to it. */
    TableEntry refused(Trouble why) {
        return new TableEntry(Optional.empty(), started, Optional.of(why));
    }

    /** It is there and ours. */
    TableEntry ensured(TableStatus next) {
        boolean over = status.isEmpty() || next.phase() == TablePhase.LIVE;
        return new TableEntry(Optional.of(next), started, over ? Optional.empty() : trouble);
    }

    TableProgress progress(String name) {
        return new TableProgress(
                name,
                state(),
                live(),
                status.map(TableStatus::rows).orElse(0L),
                status.<Instant>flatMap(TableStatus::lastChange),
                trouble.map(Trouble::problem));
    }

    private TableState state() {
        if (trouble.isPresent()) {
            boolean offered = trouble.get().code() != SourceProblem.NOT_OFFERED;
            return offered ? TableState.FAILING : TableState.NOT_OFFERED;
        }
        if (live()) {
            return TableState.LIVE;
        }
        return started ? TableState.BACKFILLING : TableState.PENDING;
    }
}

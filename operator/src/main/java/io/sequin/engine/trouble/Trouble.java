package io.sequin.engine.trouble;

import io.sequin.data.Problem;
import io.sequin.data.ProblemCode;
import io.sequin.data.ProblemException;
import io.sequin.data.Remedy;
import io.sequin.postgres.DatabaseInterruptedException;
import io.sequin.postgres.PostgresException;
import io.sequin.postgres.PostgresProblem;
import io.sequin.postgres.TableException;
import io.sequin.postgres.schema.StartOver;
import io.sequin.source.Lane;
import io.sequin.source.SourceException;
import io.sequin.source.SourceProblem;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * A problem and what it concerns.
 *
 * @param table the one table it concerns; empty: all of its area
 */
public record Trouble(Area area, Optional<String> table, Problem problem) {

    /** What a problem is about. */
    public enum Area {
        SOURCE,
        DESTINATION,
        SCHEMA
    }

    /** Trouble that is expected to pass is waited for so often, before the table or the row that it is about is left behind. */
    public static final int PATIENCE = 5;

    /** The same for a table that has kept each try waiting for as long as it may, and with it all other tables of the lane. */
    private static final int AFTER_A_TIMEOUT = 2;

    private static final Set<ProblemCode> TIMEOUTS =
            Set.of(PostgresProblem.LOCK_TIMEOUT, PostgresProblem.STATEMENT_TIMEOUT);

    private static final Set<ProblemCode> REJECTIONS =
            Set.of(PostgresProblem.RECORD_REJECTED, PostgresProblem.MASS_REJECTION);

    /** What a lane of one table meets concerns that table, though the source does not name it. */
    private static final Set<ProblemCode> OF_A_TABLE =
            Set.of(SourceProblem.PERMISSION_DENIED, SourceProblem.NOT_OFFERED, SourceProblem.CURSOR_EXPIRED);

    private static final Set<ProblemCode> OF_THE_SCHEMA = Set.of(
            PostgresProblem.MISSING_GRANTS,
            PostgresProblem.FENCED_OUT,
            PostgresProblem.SCHEMA_CONFLICT,
            PostgresProblem.SCHEMA_NOT_OWNED,
            PostgresProblem.TABLE_CONFLICT,
            PostgresProblem.NEWER_FORMAT,
            PostgresProblem.STORAGE_MISSING);

    /**
     * Whether it is expected to pass by itself soon.
     *
     * @param failures of the lane in a row
     */
    public boolean mayPass(int failures) {
        int patience = table.isPresent() && TIMEOUTS.contains(code()) ? AFTER_A_TIMEOUT : PATIENCE;
        return code().remedy() == Remedy.TRANSIENT && failures < patience;
    }

    /** Whether a table refuses records, which don't change by themselves. */
    public boolean isRejection() {
        return table.isPresent() && REJECTIONS.contains(code());
    }

    /** The same, of a table. */
    public Trouble of(String name) {
        return new Trouble(area, Optional.of(name), problem);
    }

    /**
     * As a tail's trouble is shown: with the table that it is about, or that the lane has no other of, where it does not
     * pass by itself soon; else with its area.
     *
     * @param failures of the lane in a row
     */
    public Trouble ofTail(Lane lane, int failures) {
        if (mayPass(failures)) {
            return ofArea();
        }
        boolean own = lane.tables().size() == 1 && OF_A_TABLE.contains(code());
        return own ? of(lane.tables().iterator().next()) : this;
    }

    /** The same, of the whole area: for one table's trouble that is expected to pass. */
    public Trouble ofArea() {
        return new Trouble(area, Optional.empty(), problem);
    }

    /**
     * The same; where only reading everything again cures it, with how to bring that about.
     *
     * @param schema the one to fill again
     */
    public Trouble withCure(String schema) {
        if (code() != SourceProblem.CURSOR_EXPIRED) {
            return this;
        }
        String message = problem.message() + ". Run the SQL of status.instructions, then set spec.suspend to true and"
                + " back to false. Rows that were deleted at the source meanwhile stay in the tables, unless the same edit sets"
                + " spec.resync.token to a new value";
        return new Trouble(
                area,
                table,
                new Problem(problem.code(), message, List.of(StartOver.instruction(schema)), problem.retryAt()));
    }

    /** Of its problem. */
    public ProblemCode code() {
        return problem.code();
    }

    /** Asks the source; a failure comes back as {@link LaneException}. */
    public static <T> T atSource(Supplier<T> call) throws InterruptedException {
        return at(Area.SOURCE, call);
    }

    /** Asks the destination; a failure comes back as {@link LaneException}. */
    public static <T> T atDestination(Supplier<T> call) throws InterruptedException {
        return at(Area.DESTINATION, call);
    }

    private static <T> T at(Area side, Supplier<T> call) throws InterruptedException {
        try {
            return call.get();
        } catch (DatabaseInterruptedException e) {
            Thread.interrupted();
            throw stopped(e);
        } catch (ProblemException e) {
            if (Thread.interrupted()) {
                throw stopped(e);
            }
            throw new LaneException(of(e, side), e);
        }
    }

    /** What was cut short by a stop is no failure of the other side. */
    private static InterruptedException stopped(RuntimeException cause) {
        InterruptedException stopped = new InterruptedException();
        stopped.initCause(cause);
        return stopped;
    }

    /** What a failure of one side is about. */
    public static Trouble of(ProblemException e, Area side) {
        if (e instanceof SourceException source) {
            return new Trouble(Area.SOURCE, source.table(), e.problem());
        }
        if (e.problem().code() == PostgresProblem.ACCOUNT_CHANGED) {
            // found in the schema's claim, but the key is what must change
            Problem found = e.problem();
            return new Trouble(
                    Area.SOURCE,
                    Optional.empty(),
                    new Problem(SourceProblem.ACCOUNT_CHANGED, found.message(), found.cure(), found.retryAt()));
        }
        boolean missing = e.problem().code() == PostgresProblem.STORAGE_MISSING;
        if (e instanceof TableException ofTable && !missing) {
            // a lock or a slow statement says nothing of the schema
            Area area = TIMEOUTS.contains(e.problem().code()) ? Area.DESTINATION : Area.SCHEMA;
            return new Trouble(area, Optional.of(ofTable.table()), e.problem());
        }
        if (e instanceof PostgresException) {
            Area area = OF_THE_SCHEMA.contains(e.problem().code()) ? Area.SCHEMA : Area.DESTINATION;
            return new Trouble(area, Optional.empty(), e.problem());
        }
        return new Trouble(side, Optional.empty(), e.problem());
    }
}

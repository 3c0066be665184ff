package io.sequin.engine.board;

import io.sequin.data.LaneId;
import io.sequin.data.Problem;
import io.sequin.data.ProblemCode;
import io.sequin.data.TablePhase;
import io.sequin.engine.TableProgress;
import io.sequin.engine.TableState;
import io.sequin.engine.trouble.Trouble;
import io.sequin.postgres.PostgresProblem;
import io.sequin.postgres.load.TableStatus;
import io.sequin.postgres.load.Upkeep;
import io.sequin.source.SourceProblem;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What the loop knows of a table.
 *
 * @param status as the database has it; empty where the table could not be made sure of
 * @param started its first pass has committed something, or runs
 * @param dirty number of keys that are to be fetched before it is up to date
 * @param trouble why it does not take rows: while it lasts what happens to its rows is recorded as dirty keys
 * @param ofTails trouble of tails that bring its rows themselves
 * @param stuck dirty keys that can't be fetched, though others can: the table goes on without them
 */
public record TableEntry(
        Optional<TableStatus> status,
        boolean started,
        long dirty,
        Optional<Trouble> trouble,
        Map<LaneId, Trouble> ofTails,
        Optional<Stuck> stuck) {

    /**
     * Rows that can't be had.
     *
     * @param why with their names
     */
    public record Stuck(int rows, Trouble why) {}

    /** What is wrong with a table as such, whatever is written. */
    private static final Set<ProblemCode> OF_THE_TABLE =
            Set.of(PostgresProblem.MISSING_GRANTS, PostgresProblem.TABLE_ALTERED);

    /** Single rows of a table may be refused, while others are written. */
    private static final Set<ProblemCode> OF_ROWS =
            Set.of(PostgresProblem.RECORD_REJECTED, PostgresProblem.MASS_REJECTION, PostgresProblem.DELETE_REFUSED);

    static final TableEntry UNKNOWN =
            new TableEntry(Optional.empty(), false, 0, Optional.empty(), Map.of(), Optional.empty());

    public TableEntry {
        ofTails = Map.copyOf(ofTails);
    }

    /** Its first pass is complete, and it is ours. */
    boolean live() {
        return status.filter(s -> s.phase() == TablePhase.LIVE).isPresent();
    }

    /** All that is known of the source is in it. */
    boolean current() {
        return live() && dirty == 0;
    }

    /** Whether changes may be applied to it; else their keys get dirty. */
    public boolean takesRows() {
        return live() && trouble.isEmpty() && left() != Upkeep.PROMOTE;
    }

    /** It is there, and somebody keeps us from writing it. */
    public boolean isAltered() {
        return status.isPresent()
                && trouble.filter(t -> t.area() == Trouble.Area.SCHEMA && OF_THE_TABLE.contains(t.code()))
                        .isPresent();
    }

    /** What is left to be done for all of its rows. */
    public Upkeep left() {
        return status.map(TableStatus::left).orElse(Upkeep.NONE);
    }

    /** What was found out about it when it was made sure of, or tended. */
    public Optional<Problem> notice(ProblemCode code) {
        return status.stream()
                .flatMap(s -> s.notices().stream())
                .filter(notice -> notice.code() == code)
                .findFirst();
    }

    /** Whether it takes what is said to be deleted, though its rows can't be fetched. */
    public boolean takesDeletions() {
        return live() && trouble.filter(t -> t.area() != Trouble.Area.SOURCE).isEmpty();
    }

    /** Whether the source is worth asking for its rows. */
    public boolean isFetched() {
        return live()
                && left() != Upkeep.PROMOTE
                && trouble.filter(t -> t.area() == Trouble.Area.SOURCE).isEmpty();
    }

    /** Whether the lane that fills it has nothing to do for it, but for rows that can't be had. */
    public boolean isSettled() {
        return fetched() && trouble.isEmpty() && !left().isUrgent();
    }

    /** All that can be had of what is dirty is in it. */
    private boolean fetched() {
        return live() && dirty <= stuck.map(Stuck::rows).orElse(0);
    }

    /** The account does not have the product. */
    boolean isNotOffered() {
        return shown().filter(t -> t.code() == SourceProblem.NOT_OFFERED).isPresent();
    }

    /** The account does not have the product, and never had: its own first pass has found nothing to list. */
    public boolean isEmptyAtSource() {
        return !live()
                && trouble.filter(t -> t.code() == SourceProblem.NOT_OFFERED).isPresent();
    }

    /** What is wrong with it, if anything. */
    Optional<Trouble> shown() {
        return trouble.or(() -> ofTails.values().stream().findFirst()).or(() -> stuck.map(Stuck::why));
    }

    /** After a commit. What was never made sure of stays so, though the commit changed its phase. */
    TableEntry with(TableStatus next) {
        if (status.isEmpty()) {
            return this;
        }
        boolean over = next.phase() == TablePhase.LIVE && !live();
        // what was found out about it holds until it is made sure of again
        List<Problem> notices = Stream.concat(status.get().notices().stream(), next.notices().stream())
                .distinct()
                .toList();
        TableStatus known = next.with(notices, status.get().left());
        return new TableEntry(Optional.of(known), started, dirty, over ? Optional.empty() : trouble, ofTails, stuck);
    }

    TableEntry withStarted() {
        return new TableEntry(status, true, dirty, trouble, ofTails, stuck);
    }

    /** It does not take rows. */
    TableEntry with(Trouble next) {
        return new TableEntry(status, started, dirty, Optional.of(next), ofTails, stuck);
    }

    /** A tail of its own does not get on. */
    TableEntry with(LaneId tail, Trouble next) {
        Map<LaneId, Trouble> all = new HashMap<>(ofTails);
        all.put(tail, next);
        return new TableEntry(status, started, dirty, trouble, all, stuck);
    }

    /** A tail got on. */
    TableEntry without(LaneId tail) {
        Map<LaneId, Trouble> others = new HashMap<>(ofTails);
        others.remove(tail);
        return new TableEntry(status, started, dirty, trouble, others, stuck);
    }

    /** Until a commit whose answer was lost is settled the number may be too small. */
    TableEntry withDirty(long keys) {
        return new TableEntry(
                status, started, Math.max(0, keys), trouble, ofTails, keys <= 0 ? Optional.empty() : stuck);
    }

    /** Some of its dirty keys can't be fetched. */
    TableEntry with(Optional<Stuck> next) {
        return new TableEntry(status, started, dirty, trouble, ofTails, next);
    }

    /** There is nothing left to be done for it, but for rows that can't be had. */
    TableEntry settled() {
        return fetched() ? new TableEntry(status, started, dirty, Optional.empty(), ofTails, stuck) : this;
    }

    /**
     * A batch of its first pass went through: the source gives the table again, and Postgres takes it. A live one was left
     * out of it while Postgres does not take it.
     *
     * @param listedAgain the pass had left it out, and lists it from the start: what single rows met comes later
     */
    TableEntry advanced(boolean listedAgain) {
        Optional<Trouble> left = trouble.filter(t -> t.area() != Trouble.Area.SOURCE)
                .filter(t -> live() || (listedAgain && OF_ROWS.contains(t.code())));
        return new TableEntry(status, true, dirty, left, ofTails, stuck);
    }

    /** It could not be made sure of: nothing may be written to it. */
    TableEntry refused(Trouble why) {
        return new TableEntry(Optional.empty(), started, dirty, Optional.of(why), ofTails, stuck);
    }

    /** It is there and ours. */
    TableEntry ensured(TableStatus next) {
        TableEntry there = new TableEntry(
                Optional.of(next), started, dirty, status.isEmpty() ? Optional.empty() : trouble, ofTails, stuck);
        return there.settled();
    }

    /**
     * What is told of it.
     *
     * @param recorded what the database has recorded, for while it can't be made sure of: it is as full as it was
     */
    TableProgress progress(String name, Optional<TableStatus> recorded) {
        Optional<TableStatus> known = status.or(() -> recorded);
        return new TableProgress(
                name,
                state(),
                known.filter(s -> s.phase() == TablePhase.LIVE).isPresent(),
                known.map(TableStatus::rows).orElse(0L),
                known.<Instant>flatMap(TableStatus::lastChange),
                shown().map(Trouble::problem),
                known.map(TableStatus::errors).orElse(0L),
                known.map(TableStatus::notices).orElse(List.of()));
    }

    private TableState state() {
        if (shown().isPresent()) {
            return isNotOffered() ? TableState.NOT_OFFERED : TableState.FAILING;
        }
        if (current()) {
            return TableState.LIVE;
        }
        return started || live() ? TableState.BACKFILLING : TableState.PENDING;
    }
}

package io.sequin.postgres.load;

import io.sequin.data.Checkpoint;
import io.sequin.data.DeleteGuard;
import io.sequin.data.LaneId;
import io.sequin.data.Problem;
import io.sequin.data.ResyncRequest;
import io.sequin.data.RowKey;
import io.sequin.data.Scope;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Full passes over tables that stay readable: what a pass and the changes beside it have met is remembered, and what they
 * have not met is deleted at its end. From {@link #start} on every {@link DestinationSession#commit} remembers the keys
 * of these tables in its own transaction, whatever lane it is of. Safe for threads; failures are
 * {@link io.sequin.postgres.PostgresException}s, and each method may be called again after one.
 */
public interface Passes {
    /**
     * Records what the user asks for, and ends what is not asked for any more. To be called once after
     * {@link DestinationSession#take}, before any lane begins.
     *
     * @param filled the tables that are filled
     */
    ResyncState request(Optional<ResyncRequest> asked, Set<String> filled);

    /**
     * Forgets what passes over these tables have met, which may take a while: to be called before {@link #start}, and after
     * {@link #finish}, while others go on. A pass under way over one of them is lost.
     */
    void forget(Set<String> tables);

    /** Begins a pass, or begins it anew: its lane is at the start, nothing was met. */
    LaneState start(LaneId lane, Listing what, Checkpoint start);

    /**
     * What a pass lists.
     *
     * @param floors by table, where it does not list all: the time from which on things are listed that were made then
     */
    record Listing(Set<String> tables, Map<String, Instant> floors) {
        public Listing {
            tables = Set.copyOf(tables);
            floors = Map.copyOf(floors);
        }

        /** All rows of these. */
        public static Listing of(Set<String> tables) {
            return new Listing(tables, Map.of());
        }
    }

    /** What became of the pass of a lane; waits for a transaction of it whose answer was lost. */
    Resumed resume(LaneId lane, Listing what);

    /** What a call of {@link #resume} found. */
    sealed interface Resumed {
        /** It has to be started: none is under way, it lists something else, or what it had met is lost. */
        record Anew() implements Resumed {}

        /**
         * It goes on.
         *
         * @param complete the listing has reached its end
         */
        record Going(LaneState lane, boolean complete) implements Resumed {}

        /** It is finished, by a transaction whose answer was lost. */
        record Over(ResyncState state) implements Resumed {}
    }

    /**
     * Whether all that a pass under way has met is there; to be asked of one that goes on, and before {@link #sweep}. Where it
     * is not, {@link #resume} says that it has to be started.
     */
    boolean isWhole(LaneId lane);

    /** The listing has reached its end: all it brought is committed. */
    void complete(LaneId lane);

    /**
     * Deletes some of what a complete pass has not met; to be called until nothing is left. Where the listing's word is
     * not enough, it deletes nothing before the source was asked for every row, in the order of {@link Swept.Ask}.
     */
    Swept sweep(Sweep sweep);

    /**
     * The source was asked for rows up to a key: what was still there is committed, and so was met.
     *
     * @param last of some that {@link Swept.Ask} named
     */
    void asked(LaneId lane, String table, RowKey last);

    /**
     * What to delete of one table.
     *
     * @param lane the pass
     * @param scopes of all tables that are filled, where not {@link Scope#ALL}
     */
    record Sweep(LaneId lane, String table, Map<String, Scope> scopes, DeleteGuard guard) {
        public Sweep {
            scopes = Map.copyOf(scopes);
        }

        public Scope scope() {
            return scopes.getOrDefault(table, Scope.ALL);
        }
    }

    /** What a call of {@link #sweep} came to. */
    sealed interface Swept {
        /** What it has changed, if anything. */
        default Optional<Committed> changed() {
            return switch (this) {
                case Some some -> Optional.of(some.committed());
                case Done done -> done.committed();
                default -> Optional.empty();
            };
        }

        /**
         * Nothing is left to delete.
         *
         * @param committed what of the table's record was put right by the way
         */
        record Done(Optional<Committed> committed) implements Swept {
            /** All was right. */
            public Done() {
                this(Optional.empty());
            }
        }

        /** None of the rows that were looked at was deleted; there are more to look at. */
        record More() implements Swept {}

        /** Some rows were deleted; there may be more. */
        record Some(Committed committed) implements Swept {}

        /**
         * The source must be asked for these first: they may be there, though the listing lacks them.
         *
         * @param keys of rows, or where they have parents of those
         */
        record Ask(List<RowKey> keys) implements Swept {
            public Ask {
                keys = List.copyOf(keys);
            }
        }

        /** A person must confirm it first. */
        record Refused(Problem why) implements Swept {}

        /** What the pass had met is lost: it has to be started anew. */
        record Lost() implements Swept {}
    }

    /** The pass is over and its tables are done. */
    ResyncState finish(LaneId lane, Set<String> tables);
}

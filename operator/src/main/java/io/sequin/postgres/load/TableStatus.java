package io.sequin.postgres.load;

import io.sequin.data.Problem;
import io.sequin.data.TablePhase;
import io.sequin.postgres.schema.TableRecord;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What the database records of a table of ours.
 *
 * @param rows those marked as deleted don't count
 * @param lastChange time of the last commit that changed a row
 * @param marked rows marked as deleted
 * @param errors records that are set aside in {@code _sync_error}
 * @param notices what a person should look at, though the table works; as of when it was made sure of
 * @param left what {@link DestinationSession#tend} has to do next
 */
public record TableStatus(
        TablePhase phase,
        long rows,
        Optional<Instant> lastChange,
        long marked,
        long errors,
        List<Problem> notices,
        Upkeep left) {
    public TableStatus {
        notices = List.copyOf(notices);
    }

    /** Of a table without rows marked as deleted, and without records set aside. */
    public TableStatus(TablePhase phase, long rows, Optional<Instant> lastChange) {
        this(phase, rows, lastChange, 0, 0, List.of(), Upkeep.NONE);
    }

    /** As the database records it. */
    public static TableStatus of(TableRecord record) {
        return new TableStatus(
                record.phase(),
                record.rows(),
                record.lastChange(),
                record.marked(),
                record.errors(),
                List.of(),
                Upkeep.NONE);
    }

    /** The same, with what was found out when it was made sure of. */
    public TableStatus with(List<Problem> found, Upkeep work) {
        return new TableStatus(phase, rows, lastChange, marked, errors, found, work);
    }
}

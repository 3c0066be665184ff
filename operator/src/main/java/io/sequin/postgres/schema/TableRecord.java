package io.sequin.postgres.schema;

import io.sequin.data.TablePhase;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Optional;

/**
 * A row of {@code _sync_table}.
 *
 * @param rows exact number of rows that our commits left in the table, without those marked as deleted
 * @param lastChange time of the last commit that changed a row
 * @param marked exact number of rows marked as deleted
 * @param errors exact number of records that are set aside
 */
public record TableRecord(
        String name, TablePhase phase, long rows, Optional<Instant> lastChange, long marked, long errors) {
    /** What to select for {@link #read}. */
    static final String COLUMNS = "\"name\", \"phase\", \"rows\", \"last_change\", \"marked\", \"errors\"";

    static TableRecord read(ResultSet row) throws SQLException {
        return new TableRecord(
                row.getString(1),
                TablePhase.valueOf(row.getString(2)),
                row.getLong(3),
                Optional.ofNullable(row.getTimestamp(4)).map(Timestamp::toInstant),
                row.getLong(5),
                row.getLong(6));
    }
}

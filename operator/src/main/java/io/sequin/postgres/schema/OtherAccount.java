package io.sequin.postgres.schema;

import io.sequin.data.ResyncRequest;
import io.sequin.data.TablePhase;
import io.sequin.postgres.Identifier;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Makes a schema ready to hold the data of another account of its source, in place. */
final class OtherAccount {
    private final String schema;

    OtherAccount(String schema) {
        this.schema = schema;
    }

    /**
     * Forgets how far the lanes had come, whose cursors mean nothing to the other account, so that each table is filled by
     * a first pass over the rows that are there, whatever becomes of the request. Then every table is synced again, by
     * which what only the former account had is deleted. To be called with the writer's row locked: whatever is written
     * later is the other account's.
     *
     * @param recorded what was recorded of re-syncs
     * @param asked the request that allows it, which is for all tables
     */
    void begin(Transaction tx, ResyncRecord recorded, ResyncRequest asked) throws SQLException {
        // what passes have met means nothing without them
        for (String state : List.of(StateTables.STATE, StateTables.DIRTY)) {
            tx.update("delete from " + Identifier.quote(schema, state));
        }
        String table = Identifier.quote(schema, StateTables.TABLE);
        Set<String> all = new TreeSet<>(tx.list("select \"name\" from " + table, row -> row.getString(1)));
        Set<String> left = new TreeSet<>(tx.list(
                "update " + table + " set \"phase\" = ? where \"phase\" <> ? returning \"name\"",
                row -> row.getString(1),
                TablePhase.FIRST_PASS.name(),
                TablePhase.RETAINED.name()));
        // not the time of the transaction, which began before the last writer ended
        Instant now = tx.first(
                        "select clock_timestamp()", row -> row.getTimestamp(1).toInstant())
                .orElseThrow();
        recorded.ofOther(all, now).doing(asked, left).write(tx, schema);
    }
}

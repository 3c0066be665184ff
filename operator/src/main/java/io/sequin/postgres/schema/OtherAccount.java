package io.sequin.postgres.schema;

import io.sequin.data.ResyncRequest;
import io.sequin.data.TablePhase;
import io.sequin.postgres.Identifier;
import java.sql.SQLException;
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
     * Forgets how far the lanes had come, whose cursors mean nothing to the other account, and has every table synced
     * again: what only the former account had is then deleted as by any re-sync.
     *
     * @param recorded what was recorded of re-syncs
     * @param asked the request that allows it; every table takes part, whatever it names
     */
    void begin(Transaction tx, ResyncRecord recorded, ResyncRequest asked) throws SQLException {
        for (String state : List.of(StateTables.STATE, StateTables.DIRTY, StateTables.SEEN)) {
            tx.update("delete from " + Identifier.quote(schema, state));
        }
        Set<String> all = tables(tx, "");
        Set<String> left = tables(tx, " where \"phase\" <> '" + TablePhase.RETAINED.name() + "'");
        recorded.ofOther(all).doing(asked, left).write(tx, schema);
    }

    private Set<String> tables(Transaction tx, String condition) throws SQLException {
        return new TreeSet<>(tx.list(
                "select \"name\" from " + Identifier.quote(schema, StateTables.TABLE) + condition,
                row -> row.getString(1)));
    }
}

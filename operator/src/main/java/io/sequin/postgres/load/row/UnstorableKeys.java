package io.sequin.postgres.load.row;

import io.sequin.data.RowKey;
import io.sequin.postgres.load.json.HostileText;
import io.sequin.postgres.schema.Transaction;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.postgresql.PGConnection;

/**
 * Keys that no row of this database can have, so that nothing is lost where they are left out, while a statement with one
 * of them would fail as a whole. What its encoding can store the server alone knows; it is asked only where it may say no:
 * beyond ASCII, in a database that is not UTF-8.
 */
public final class UnstorableKeys {
    private static final String ENCODING = "server_encoding";
    private static final String STORES_ALL = "UTF8";

    private UnstorableKeys() {}

    /** Those of them with a character that this database, or any Postgres, can't store, or that are too long. */
    public static Set<RowKey> among(Transaction tx, Collection<RowKey> keys) throws SQLException {
        boolean all =
                STORES_ALL.equals(tx.connection().unwrap(PGConnection.class).getParameterStatus(ENCODING));
        Set<RowKey> found = new HashSet<>();
        List<RowKey> doubtful = new ArrayList<>();
        for (RowKey key : keys) {
            if (!HostileText.isStorable(key) || KeyLength.isTooLong(key)) {
                found.add(key);
            } else if (!all && !isAscii(key)) {
                doubtful.add(key);
            }
        }
        ask(tx, doubtful, found);
        return found;
    }

    /** Whether another database could store its characters: then an object may well have it. */
    public static boolean isStorableElsewhere(RowKey key) {
        return HostileText.isStorable(key);
    }

    private static boolean isAscii(RowKey key) {
        return key.parts().stream().allMatch(part -> part.chars().allMatch(c -> c < 0x80));
    }

    private static void ask(Transaction tx, List<RowKey> some, Set<RowKey> refused) throws SQLException {
        if (some.isEmpty()) {
            return;
        }
        Savepoint before = tx.connection().setSavepoint();
        try {
            Object[] texts = some.stream().flatMap(key -> key.parts().stream()).toArray();
            tx.first(
                    "select cardinality(?::text[])",
                    row -> true,
                    tx.connection().createArrayOf("text", texts));
            tx.connection().releaseSavepoint(before);
        } catch (SQLException e) {
            if (!Unfit.isAboutValues(e)) {
                throw e;
            }
            tx.connection().rollback(before);
            if (some.size() == 1) {
                refused.add(some.getFirst());
                return;
            }
            ask(tx, some.subList(0, some.size() / 2), refused);
            ask(tx, some.subList(some.size() / 2, some.size()), refused);
        }
    }
}

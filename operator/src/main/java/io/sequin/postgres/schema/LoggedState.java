package io.sequin.postgres.schema;

import io.sequin.data.TablePhase;
import io.sequin.postgres.Identifier;
import io.sequin.postgres.SqlState;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Our own state where somebody has made it unlogged, such as a script over all tables of a schema: a crash of the server
 * would empty it, and of rows that are to be fetched nobody would know any more. It is ours, so we set it logged again.
 */
final class LoggedState {
    private static final Logger LOG = LoggerFactory.getLogger(LoggedState.class);

    /** Somebody uses the table, or it is another role's: it works, and the next opening tries again. */
    private static final Set<String> NOT_NOW = Set.of(
            SqlState.LOCK_NOT_AVAILABLE,
            SqlState.QUERY_CANCELED,
            SqlState.DEADLOCK_DETECTED,
            SqlState.INSUFFICIENT_PRIVILEGE);

    private LoggedState() {}

    static void mend(Transaction tx, String schema) throws SQLException {
        List<String> kept = StateTables.ALL.stream()
                .filter(table -> !table.equals(StateTables.SEEN))
                .toList();
        List<String> unlogged = tx.list(
                "select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = ?"
                        + " and c.relname = any (?) and c.relkind = 'r' and c.relpersistence = 'u' order by 1",
                row -> row.getString(1),
                schema,
                tx.connection().createArrayOf("text", kept.toArray()));
        for (String table : unlogged) {
            boolean bare = Relation.find(tx, schema, table).map(Relation::bare).orElse(false);
            if (bare && table.equals(StateTables.DIRTY)) {
                beginAnew(tx, schema);
            }
            setLogged(tx, Identifier.quote(schema, table));
        }
    }

    /**
     * A crash may have been before us: which rows were to be fetched, and of which tables, nobody knows then. They stay as
     * filled as they are, since the events go on only for tables that are: as if what was listed were of later than is wanted.
     */
    private static void beginAnew(Transaction tx, String schema) throws SQLException {
        int tables = tx.update(
                "update " + Identifier.quote(schema, StateTables.TABLE)
                        + " set \"floor\" = 'infinity' where \"phase\" <> ?",
                TablePhase.RETAINED.name());
        if (tables > 0) {
            LOG.warn(
                    "{} is empty, and a crash may have emptied it: {} tables of schema {} are read again from the start;"
                            + " rows that were deleted at the source meanwhile go with a re-sync (spec.resync.token)",
                    StateTables.DIRTY,
                    tables,
                    schema);
        }
    }

    private static void setLogged(Transaction tx, String table) throws SQLException {
        tx.attempt(
                        "lock_timeout",
                        Evolution.LOCK_MILLIS,
                        NOT_NOW,
                        why -> LOG.warn(
                                "{} is unlogged, and a crash of the server would empty it; it could not be set logged,"
                                        + " which is tried again when the schema is next opened: {}",
                                table,
                                why.getMessage()),
                        () -> {
                            tx.execute("alter table " + table + " set logged");
                            return true;
                        })
                .ifPresent(
                        done -> LOG.warn("{} was unlogged, and is logged again: a crash would have emptied it", table));
    }
}

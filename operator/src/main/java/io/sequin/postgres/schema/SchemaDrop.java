package io.sequin.postgres.schema;

import io.sequin.data.Owner;
import io.sequin.data.Problem;
import io.sequin.postgres.Identifier;
import io.sequin.postgres.PostgresException;
import io.sequin.postgres.SqlState;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Takes a Sync's data out of the database: the tables that our state records and whose owner's rights we have, then our
 * state, then the schema, where we made it and it is empty. Never {@code CASCADE}. Each table goes in a transaction of
 * its own together with its record, under the fence, and the state goes last: who is killed anywhere begins again and
 * finds what is left.
 */
public final class SchemaDrop {
    private final Transactions transactions;
    private final String schema;

    public SchemaDrop(Transactions transactions, String schema) {
        this.transactions = transactions;
        this.schema = schema;
    }

    /** The right to drop. */
    private record Begun(Fence fence, boolean madeSchema, List<String> tables) {}

    /**
     * Drops all of it. Where the schema is missing, unclaimed or claimed by another uid, nothing is done.
     *
     * @throws PostgresException where the database can't be reached or refuses; to be tried again
     */
    public Dropped run(Owner owner) {
        Optional<Begun> begun = transactions.commit(Effect.DROP_BEGIN, tx -> begin(tx, owner));
        if (begun.isEmpty()) {
            return Dropped.NOTHING;
        }
        List<Dropped.Kept> kept = new ArrayList<>();
        for (String table : begun.get().tables()) {
            transactions
                    .commit(Effect.DROP_TABLE, tx -> table(tx, begun.get().fence(), table))
                    .ifPresent(kept::add);
        }
        return transactions.commit(Effect.DROP_REST, tx -> rest(tx, begun.get(), kept));
    }

    /** Takes the fence, so that no other writer commits from here on. */
    private Optional<Begun> begin(Transaction tx, Owner owner) throws SQLException {
        if (Relation.find(tx, schema, StateTables.WRITER).isEmpty()) {
            return Optional.empty();
        }
        String writer = Identifier.quote(schema, StateTables.WRITER);
        record Row(int format, String owner) {}
        Optional<Row> row = tx.first(
                "select \"format\", \"owner\" from " + writer + " for update",
                r -> new Row(r.getInt(1), r.getString(2)));
        if (row.isEmpty()) {
            return Optional.empty();
        }
        Optional<Problem> newer = Claims.refuseFormat(schema, row.get().format());
        if (newer.isPresent()) {
            throw new PostgresException(newer.get(), null, null);
        }
        OwnerRecord recorded = OwnerRecord.parse(row.get().owner());
        if (!recorded.cluster().equals(owner.cluster())
                || !recorded.uid().equals(owner.sync().uid())) {
            return Optional.empty();
        }
        UUID token = UUID.randomUUID();
        tx.update("update " + writer + " set \"token\" = ?", token);
        List<String> tables = Relation.find(tx, schema, StateTables.TABLE).isEmpty()
                ? List.of()
                // nothing else of a record: it may be of an earlier format
                : tx.list("select \"name\" from " + Identifier.quote(schema, StateTables.TABLE), r -> r.getString(1));
        return Optional.of(new Begun(new Fence(schema, token), recorded.madeSchema(), tables));
    }

    /** One recorded table; present where something depends on it. What is not ours any more is only forgotten. */
    private Optional<Dropped.Kept> table(Transaction tx, Fence fence, String table) throws SQLException {
        fence.check(tx);
        Optional<Relation> ours = Relation.find(tx, schema, table)
                .filter(relation -> relation.kind().equals("r"))
                .filter(Relation::ours);
        Optional<Dropped.Kept> kept = ours.isPresent() ? drop(tx, table, ours.get()) : Optional.empty();
        if (kept.isEmpty()) {
            tx.update("delete from " + Identifier.quote(schema, StateTables.TABLE) + " where \"name\" = ?", table);
        }
        return kept;
    }

    /** Our state, and the schema: in one transaction, since nothing can be resumed without the state. */
    private Dropped rest(Transaction tx, Begun begun, List<Dropped.Kept> before) throws SQLException {
        begun.fence().check(tx);
        List<Dropped.Kept> kept = new ArrayList<>(before);
        for (String table : stateTables(tx)) {
            Optional<Relation> ours = Relation.find(tx, schema, table).filter(Relation::ours);
            if (ours.isPresent()) {
                drop(tx, table, ours.get()).ifPresent(kept::add);
            }
        }
        boolean dropped = begun.madeSchema()
                && kept.isEmpty()
                && ownsSchema(tx)
                && alone(tx, "drop schema " + Identifier.quote(schema));
        return new Dropped(kept, begun.madeSchema() && !dropped);
    }

    /** Names that begin with {@code _sync_} are ours by the API's documentation. */
    private List<String> stateTables(Transaction tx) throws SQLException {
        return tx.list("""
                select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
                 where n.nspname = ? and c.relkind = 'r' and left(c.relname, 6) = '_sync_' order by c.relname""", row -> row.getString(1), schema);
    }

    private Optional<Dropped.Kept> drop(Transaction tx, String table, Relation relation) throws SQLException {
        return alone(tx, "drop table " + Identifier.quote(schema, table))
                ? Optional.empty()
                : Optional.of(new Dropped.Kept(table, dependents(tx, relation)));
    }

    /** Whether the object could go; false where others depend on it. */
    private static boolean alone(Transaction tx, String drop) throws SQLException {
        Savepoint before = tx.connection().setSavepoint();
        try {
            tx.execute(drop);
            return true;
        } catch (SQLException e) {
            if (!SqlState.DEPENDENT_OBJECTS_STILL_EXIST.equals(e.getSQLState())) {
                throw e;
            }
            tx.connection().rollback(before);
            return false;
        }
    }

    private boolean ownsSchema(Transaction tx) throws SQLException {
        return tx.first(
                        "select pg_has_role(current_user, nspowner, 'USAGE') from pg_namespace where nspname = ?",
                        row -> row.getBoolean(1),
                        schema)
                .orElse(false);
    }

    /** A view depends by its rule, a column or function by the table's row type; what goes with the table is left out. */
    private static List<String> dependents(Transaction tx, Relation relation) throws SQLException {
        return tx.list("""
                select distinct case when r.oid is null then pg_describe_object(d.classid, d.objid, d.objsubid)
                                     else pg_describe_object('pg_class'::regclass, r.ev_class, 0) end
                  from pg_depend d
                  left join pg_rewrite r on d.classid = 'pg_rewrite'::regclass and r.oid = d.objid
                 where d.deptype = 'n'
                   and (d.refclassid = 'pg_class'::regclass and d.refobjid = ?::oid
                        or d.refclassid = 'pg_type'::regclass
                           and d.refobjid = (select reltype from pg_class where oid = ?::oid))
                   and coalesce(r.ev_class, 0::oid) <> ?::oid
                 order by 1""", row -> row.getString(1), relation.oid(), relation.oid(), relation.oid());
    }
}

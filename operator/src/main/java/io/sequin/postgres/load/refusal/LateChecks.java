package io.sequin.postgres.load.refusal;

import io.sequin.postgres.TableException;
import io.sequin.postgres.schema.CommitRefusedException;
import io.sequin.postgres.schema.Effect;
import io.sequin.postgres.schema.Transaction;
import io.sequin.postgres.schema.Transactions;
import java.sql.Array;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out on whose account the server refuses a commit: constraints and triggers of users may be checked only then
 * ({@code deferrable initially deferred}), and the answer names no table of ours. It looks after a refusal only, so that no
 * commit pays for it.
 */
public final class LateChecks {
    private static final Logger LOG = LoggerFactory.getLogger(LateChecks.class);

    private final Transactions transactions;
    private final String schema;

    public LateChecks(Transactions transactions, String schema) {
        this.transactions = transactions;
        this.schema = schema;
    }

    /**
     * A table that work writes.
     *
     * @param upserts false: it deletes alone
     */
    public record Written(String table, boolean upserts) {}

    /**
     * A constraint that is checked at the commit.
     *
     * @param table ours, whose changes it checks
     * @param schema of the table that has the constraint: with a foreign key the one that refers to ours
     * @param of that table
     */
    record Late(String table, String constraint, String schema, String of) {}

    /**
     * Runs work and commits, as {@link Transactions#commit} does. Where the commit is refused all is done once more, and
     * looked at before its end.
     *
     * @param tables whose rows the work writes, in its order
     * @throws TableException what is checked late refuses the changes of a table
     */
    public <T> T commit(Effect effect, List<Written> tables, Transactions.Work<T> work) {
        try {
            return transactions.commit(effect, work);
        } catch (CommitRefusedException e) {
            if (tables.isEmpty()) {
                throw e;
            }
            LOG.info("a commit was refused, and is looked into: {}", e.problem().message());
            return transactions.commit(effect, tx -> {
                T done = work.in(tx);
                check(tx, tables);
                return done;
            });
        }
    }

    private void check(Transaction tx, List<Written> tables) throws SQLException {
        List<Late> late = late(tx, tables);
        try {
            tx.execute("set constraints all immediate");
        } catch (SQLException e) {
            throw refusal(tables, late, e).orElseThrow(() -> e);
        }
    }

    /** Triggers first: what they raise names no constraint. */
    private List<Late> late(Transaction tx, List<Written> tables) throws SQLException {
        Array names = tx.connection()
                .createArrayOf("text", tables.stream().map(Written::table).toArray());
        return tx.list(
                """
                select distinct c.contype = 't', o.relname, c.conname, fn.nspname, f.relname from pg_trigger t
                  join pg_class o on o.oid = t.tgrelid join pg_namespace n on n.oid = o.relnamespace
                  join pg_constraint c on c.oid = t.tgconstraint
                  join pg_class f on f.oid = c.conrelid join pg_namespace fn on fn.oid = f.relnamespace
                 where t.tgdeferrable and t.tginitdeferred and n.nspname = ? and o.relname = any (?)
                 order by 1 desc, 2, 3, 4, 5""",
                row -> new Late(row.getString(2), row.getString(3), row.getString(4), row.getString(5)),
                schema,
                names);
    }

    /** Whose changes were refused; empty where the failure is of another kind. */
    Optional<TableException> refusal(List<Written> tables, List<Late> late, SQLException e) {
        Written of = blamed(tables, late, e);
        boolean deletes = !of.upserts() || TableRefusal.isOfOther(schema, of.table(), e);
        return deletes ? TableRefusal.ofDelete(of.table(), e) : TableRefusal.ofUpsert(of.table(), e);
    }

    /**
     * Whose constraint the server names; where it names none, as of triggers, or one of a third table, it is a guess. A wrong
     * one costs a table some fetches: by itself, as it is caught up with, it is taken.
     */
    private static Written blamed(List<Written> tables, List<Late> late, SQLException e) {
        Optional<String> named = late.stream()
                .filter(check -> TableRefusal.isOf(check.schema(), check.of(), check.constraint(), e))
                .map(Late::table)
                .findFirst();
        Optional<String> any = named.or(() -> late.stream().map(Late::table).findFirst());
        return tables.stream()
                .filter(table -> any.filter(table.table()::equals).isPresent())
                .findFirst()
                .orElse(tables.getFirst());
    }
}

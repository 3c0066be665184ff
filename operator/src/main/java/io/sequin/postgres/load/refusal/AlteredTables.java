package io.sequin.postgres.load.refusal;

import io.sequin.data.Problem;
import io.sequin.postgres.PostgresException;
import io.sequin.postgres.SqlState;
import io.sequin.postgres.SqlStates;
import io.sequin.postgres.TableException;
import io.sequin.postgres.schema.Transactions;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Finds out why the server refuses to write a table that somebody has altered. It looks after a refusal only, so that no
 * commit pays for it.
 */
public final class AlteredTables {
    private final Transactions transactions;
    private final String schema;
    private final Function<String, List<String>> keys;

    /** @param keys the columns of a table's key */
    public AlteredTables(Transactions transactions, String schema, Function<String, List<String>> keys) {
        this.transactions = transactions;
        this.schema = schema;
        this.keys = keys;
    }

    /**
     * Does work that writes tables.
     *
     * @throws TableException with what is wrong with the table, and its cure, where that can be found out
     * @throws PostgresException where no table can be written
     */
    public <T> T explaining(Supplier<T> work) {
        try {
            return work.get();
        } catch (TableException e) {
            throw explained(e);
        }
    }

    /** The same for one table: also where it is one of its own statements that lacks a right on it. */
    public <T> T explaining(String table, Supplier<T> work) {
        try {
            return work.get();
        } catch (TableException e) {
            throw explained(e);
        } catch (PostgresException e) {
            if (!e.sqlState().filter(SqlState.INSUFFICIENT_PRIVILEGE::equals).isPresent()) {
                throw e;
            }
            throw access(table)
                    .filter(access -> !access.lacking().isEmpty())
                    .flatMap(access -> access.explain(SqlState.INSUFFICIENT_PRIVILEGE))
                    .<PostgresException>map(
                            why -> new TableException(table, why, SqlState.INSUFFICIENT_PRIVILEGE, null))
                    .orElse(e);
        }
    }

    private PostgresException explained(TableException refused) {
        String state = refused.sqlState().orElse("");
        boolean twice = state.equals(SqlState.UNIQUE_VIOLATION);
        if (!twice && !TableRefusal.isOfAltered(state)) {
            return refused;
        }
        Optional<TableAccess> found = access(refused.table());
        if (found.filter(access -> !access.canUseSchema()).isPresent()) {
            return new PostgresException(SqlStates.problem(state), state, null);
        }
        return found.flatMap(access -> twice ? hidden(access, refused) : access.explain(state))
                .map(why -> new TableException(refused.table(), why, state, null))
                .orElse(refused);
    }

    /** A key that is ours alone is refused as a double: its row is there, and policies hide it. */
    private static Optional<Problem> hidden(TableAccess access, TableException refused) {
        String ours = "Constraint " + access.primaryKey() + " of";
        return refused.problem().message().contains(ours)
                ? access.security().or(() -> Optional.of(access.unseen()))
                : Optional.empty();
    }

    private Optional<TableAccess> access(String table) {
        return transactions.rollback(tx -> TableAccess.read(tx, schema, table, keys.apply(table)));
    }
}

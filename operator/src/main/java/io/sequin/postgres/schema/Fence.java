package io.sequin.postgres.schema;

import io.sequin.data.Problem;
import io.sequin.postgres.Identifier;
import io.sequin.postgres.PostgresException;
import io.sequin.postgres.PostgresProblem;
import java.sql.SQLException;
import java.util.UUID;

/**
 * The right to write a schema: a random token in {@code _sync_writer}. Who wrote it last may commit, all before it may
 * not.
 */
public final class Fence {
    private final String schema;
    private final UUID token;

    Fence(String schema, UUID token) {
        this.schema = schema;
        this.token = token;
    }

    UUID token() {
        return token;
    }

    /**
     * Must be among the last statements of each transaction that writes. The lock makes a new writer wait for this
     * transaction's end, and is shared by the batches of one writer.
     *
     * @throws PostgresException FENCED_OUT where another writer took the schema
     */
    public void check(Transaction tx) throws SQLException {
        if (!isHeld(tx)) {
            throw lost("Another writer took schema " + Identifier.quote(schema));
        }
    }

    /** Whether nobody else has taken the schema; nobody can until the transaction ends. The row is found by its key. */
    boolean isHeld(Transaction tx) throws SQLException {
        String sql = "select 1 from " + Identifier.quote(schema, StateTables.WRITER)
                + " where \"one\" and \"token\" = ? for share";
        return tx.first(sql, row -> true, token).isPresent();
    }

    /** The problem of a writer that is not the writer any more, or whose memory is out of date. */
    public static PostgresException lost(String what) {
        return new PostgresException(
                Problem.of(PostgresProblem.FENCED_OUT, what + "; nothing was written"), null, null);
    }
}

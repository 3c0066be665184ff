package io.sequin.postgres.load.row;

import io.sequin.data.Problem;
import io.sequin.data.RowKey;
import io.sequin.postgres.Identifier;
import io.sequin.postgres.PostgresProblem;
import io.sequin.postgres.TableException;
import java.sql.SQLException;

/** Records that stop their table. Never hands on the server's message or context: they quote the content. */
public final class Refusal {
    private static final int MAX_KEY = 100;

    private Refusal() {}

    /** A record whose key is of no use. */
    static TableException ofKey(String table, RowKey key) {
        String text = "Postgres can't take record " + readable(key) + " of table " + Identifier.quote(table)
                + ", nor can it be set aside, because " + Unfit.KEY.words();
        return new TableException(table, Problem.of(PostgresProblem.RECORD_REJECTED, text), null, null);
    }

    /** Each record is fine by itself, or none is known to be at fault, and yet the server refuses. */
    public static TableException ofTable(String table, SQLException e) {
        String text = "Postgres can't take a record of table " + Identifier.quote(table) + ": "
                + Unfit.of(e).words() + " (SQLSTATE " + e.getSQLState()
                + "). Look at the indexes, constraints and triggers that were added to the table";
        // without its cause, which would carry the server's words into logs
        return new TableException(table, Problem.of(PostgresProblem.RECORD_REJECTED, text), e.getSQLState(), null);
    }

    /** More records than look like single bad ones. */
    static TableException ofMany(String table, int refused, int offered, Unfit why) {
        String text = "Postgres can't take " + refused + " of " + offered + " records of table "
                + Identifier.quote(table) + " in one batch, the first because " + why.words()
                + ". So many are not set aside: nothing of the batch was written. Look at what was changed in the"
                + " database, such as its encoding, or at the source";
        return new TableException(table, Problem.of(PostgresProblem.MASS_REJECTION, text), null, null);
    }

    private static String readable(RowKey key) {
        String text = String.join(", ", key.parts()).replaceAll("[^\\x20-\\x7e]", "?");
        return text.length() <= MAX_KEY ? text : text.substring(0, MAX_KEY) + "…";
    }
}

package io.sequin.postgres.load.merge;

import io.sequin.data.Problem;
import io.sequin.postgres.Identifier;
import io.sequin.postgres.PostgresProblem;
import io.sequin.postgres.load.row.RowArrays;
import io.sequin.postgres.schema.Transaction;
import java.sql.Array;
import java.sql.SQLException;
import java.util.List;

/**
 * Finds out whether triggers of users kept rows from being written, which no statement tells. It looks only where there is
 * a trigger that can do that.
 */
public final class KeptOut {
    /** Whether there is one on a table, whose quoted name is bound. */
    static final String MAY_BE = isOn("to_regclass(?)");

    /** Whether that, or a policy, may keep a row from being deleted or marked: of a table whose quoted name is bound. */
    static final String MAY_KEEP = "exists (select from pg_class c where c.oid = to_regclass(?) and"
            + " (row_security_active(c.oid) or " + isOn("c.oid") + "))";

    private final String table;
    private final String look;

    KeptOut(MergeParts parts, Offered offered) {
        this.table = parts.table();
        this.look = "select count(*), count(*) filter (where " + parts.differs("t", offered) + ") from "
                + offered.relation() + " join " + parts.own() + " t on " + parts.sameKey("t", "s");
    }

    /** Such a trigger: enabled, before each row. */
    private static String isOn(String table) {
        return "exists (select from pg_trigger g where g.tgrelid = " + table + " and not g.tgisinternal"
                + " and g.tgenabled <> 'D' and (g.tgtype & 3) = 3)";
    }

    /**
     * What became of offered rows.
     *
     * @param there those whose keys are in the table
     * @param differing of those the ones that are not as offered: kept from being written, or changed on the way
     */
    record Found(long there, long differing) {
        /**
         * Whether some were kept out: what a trigger changed on the way was written.
         *
         * @param written rows that were
         */
        boolean kept(int offered, long written) {
            return there < offered || differing > written;
        }
    }

    /** The values of a statement that has {@link #MAY_BE} before the offered rows. */
    Object[] bound(List<Array> arrays) {
        return RowArrays.behind(table, arrays);
    }

    /**
     * Looks, after the rows were merged.
     *
     * @param mayBe what {@link #MAY_BE} said; where there is no such trigger all are there, as offered
     */
    Found look(Transaction tx, boolean mayBe, int offered, List<Array> arrays) throws SQLException {
        return mayBe
                ? tx.first(look, row -> new Found(row.getLong(1), row.getLong(2)), arrays.toArray())
                        .orElseThrow()
                : new Found(offered, 0);
    }

    /** For the table's user, without numbers, so that it does not change with each batch. */
    public static Problem notice(String table) {
        return Problem.of(
                PostgresProblem.ROWS_KEPT_OUT,
                "A trigger of table " + Identifier.quote(table) + " keeps rows of the source from being written. The"
                        + " table goes on without them; once the trigger is dropped, set spec.resync.token to a new value"
                        + " to have them");
    }
}

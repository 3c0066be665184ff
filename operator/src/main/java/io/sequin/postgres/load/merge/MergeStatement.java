package io.sequin.postgres.load.merge;

import io.sequin.postgres.schema.Transaction;
import java.sql.Array;
import java.sql.SQLException;
import java.util.List;

/**
 * MERGE of Postgres 15 and 16, which tells only how many rows it wrote: rows that exist are counted before, and
 * after it where triggers may keep some out. The counts are exact, as nobody else writes the table.
 */
final class MergeStatement implements ApplyStatement {
    private final String count;
    private final String merge;
    private final KeptOut keptOut;

    MergeStatement(MergeParts parts, Offered offered) {
        this.keptOut = new KeptOut(parts, offered);
        this.count = "select count(*), " + KeptOut.MAY_BE + " from " + offered.relation() + " join " + parts.own()
                + " t on " + parts.sameKey("t", "s");
        this.merge = sql(parts, offered);
    }

    static String sql(MergeParts parts, Offered offered) {
        return "merge into " + parts.own() + " t using " + offered.relation() + " on " + parts.sameKey("t", "s")
                + " when matched and " + parts.differs("t", offered) + " then update set "
                + parts.assignments(offered::value)
                + " when not matched then insert (" + parts.columns() + ") values (" + parts.values(offered) + ")";
    }

    @Override
    public RowCounts apply(Transaction tx, int offered, List<Array> arrays) throws SQLException {
        Before before = tx.first(count, row -> new Before(row.getLong(1), row.getBoolean(2)), keptOut.bound(arrays))
                .orElseThrow();
        long written = tx.update(merge, arrays.toArray());
        KeptOut.Found found = keptOut.look(tx, before.mayKeepOut(), offered, arrays);
        long inserted = found.there() - before.existing();
        return RowCounts.merged(inserted, written - inserted).keepingOut(found.kept(offered, written));
    }

    /**
     * Of the rows offered.
     *
     * @param existing those whose keys are there already
     * @param mayKeepOut a trigger may keep some from being written
     */
    private record Before(long existing, boolean mayKeepOut) {}
}

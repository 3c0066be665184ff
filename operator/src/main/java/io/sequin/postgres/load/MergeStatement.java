package io.sequin.postgres.load;

import io.sequin.postgres.schema.Transaction;
import java.sql.Array;
import java.sql.SQLException;
import java.util.List;

/**
 * MERGE of Postgres 15 and 16, which tells only how many rows it wrote: rows that exist are counted before. That count
 * is exact, as nobody else writes the table.
 */
final class MergeStatement implements ApplyStatement {
    private final String count;
    private final String merge;

    MergeStatement(MergeParts parts, Offered offered) {
        this.count = "select count(*) from " + offered.relation() + " join " + parts.table() + " t on "
                + parts.sameKey("t", "s");
        this.merge = sql(parts, offered);
    }

    static String sql(MergeParts parts, Offered offered) {
        return "merge into " + parts.table() + " t using " + offered.relation() + " on " + parts.sameKey("t", "s")
                + " when matched and " + parts.differs("t", offered) + " then update set "
                + parts.assignments(offered::value)
                + " when not matched then insert (" + parts.columns() + ") values (" + parts.values(offered) + ")";
    }

    @Override
    public RowCounts apply(Transaction tx, int offered, List<Array> arrays) throws SQLException {
        long existing = tx.first(count, row -> row.getLong(1), arrays.toArray()).orElseThrow();
        long written = tx.update(merge, arrays.toArray());
        long inserted = offered - existing;
        return RowCounts.merged(inserted, written - inserted);
    }
}

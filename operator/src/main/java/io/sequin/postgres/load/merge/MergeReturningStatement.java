package io.sequin.postgres.load.merge;

import io.sequin.postgres.schema.Transaction;
import java.sql.Array;
import java.sql.SQLException;
import java.util.List;

/** MERGE of Postgres 17 and later, which tells what it did to each row. */
final class MergeReturningStatement implements ApplyStatement {
    private final MergeParts parts;
    private final String sql;
    private final KeptOut keptOut;

    MergeReturningStatement(MergeParts parts, Offered offered) {
        this.parts = parts;
        this.keptOut = new KeptOut(parts, offered);
        this.sql = "with m as (" + MergeStatement.sql(parts, offered) + " returning merge_action() as a)"
                + " select count(*) filter (where a = 'INSERT'), count(*) filter (where a = 'UPDATE'), "
                + KeptOut.MAY_BE + " from m";
    }

    @Override
    public RowCounts apply(Transaction tx, int offered, List<Array> arrays) throws SQLException {
        return ApplyStatement.told(tx, sql, parts, keptOut, offered, arrays);
    }
}

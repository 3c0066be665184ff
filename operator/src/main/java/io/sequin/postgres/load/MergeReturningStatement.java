package io.sequin.postgres.load;

import io.sequin.postgres.schema.Transaction;
import java.sql.Array;
import java.sql.SQLException;
import java.util.List;

/** MERGE of Postgres 17 and later, which tells what it did to each row. */
final class MergeReturningStatement implements ApplyStatement {
    private final String sql;

    MergeReturningStatement(MergeParts parts, Offered offered) {
        this.sql = "with m as (" + MergeStatement.sql(parts, offered) + " returning merge_action() as a)"
                + " select count(*) filter (where a = 'INSERT'), count(*) filter (where a = 'UPDATE') from m";
    }

    @Override
    public RowCounts apply(Transaction tx, int offered, List<Array> arrays) throws SQLException {
        return tx.first(sql, row -> RowCounts.merged(row.getLong(1), row.getLong(2)), arrays.toArray())
                .orElseThrow();
    }
}

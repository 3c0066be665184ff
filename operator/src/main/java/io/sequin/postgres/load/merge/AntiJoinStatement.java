package io.sequin.postgres.load.merge;

import io.sequin.postgres.schema.Transaction;
import java.sql.Array;
import java.sql.SQLException;
import java.util.List;

/**
 * For Postgres 10 to 14, which have no MERGE. Only rows that are new or differ reach ON CONFLICT: it locks and logs each
 * conflicting row before it looks at a condition of its own, so it may never see the unchanged ones.
 */
final class AntiJoinStatement implements ApplyStatement {
    private final MergeParts parts;
    private final String sql;
    private final KeptOut keptOut;

    AntiJoinStatement(MergeParts parts, Offered offered) {
        this.parts = parts;
        this.keptOut = new KeptOut(parts, offered);
        // a row that an upsert inserted has no xmax yet, one that it updated was locked by it first
        this.sql = "with w as (insert into " + parts.table() + " (" + parts.columns() + ") select "
                + parts.values(offered) + " from " + offered.relation() + " left join " + parts.table() + " o on "
                + parts.sameKey("o", "s") + " where " + parts.absent("o") + " or " + parts.differs("o", offered)
                + " on conflict (" + parts.keyColumns() + ") do update set "
                + parts.assignments(column -> "excluded." + column)
                + " returning (xmax = 0) as fresh)"
                + " select count(*) filter (where fresh), count(*) filter (where not fresh), " + KeptOut.MAY_BE
                + " from w";
    }

    @Override
    public RowCounts apply(Transaction tx, int offered, List<Array> arrays) throws SQLException {
        return ApplyStatement.told(tx, sql, parts, keptOut, offered, arrays);
    }
}

package io.sequin.postgres.load.merge;

import io.sequin.postgres.schema.Transaction;
import java.sql.Array;
import java.sql.SQLException;
import java.util.List;

/** One statement that merges and tells how many rows it inserted and updated. */
final class ToldStatement implements ApplyStatement {
    private final String sql;
    private final KeptOut keptOut;

    /**
     * @param write a statement that returns as {@code fresh}, for each row that it wrote, whether that is a new one
     */
    private ToldStatement(String write, MergeParts parts, Offered offered) {
        this.keptOut = new KeptOut(parts, offered);
        this.sql = "with k(may) as (select " + KeptOut.MAY_BE + "), w as (" + write + ")"
                + " select count(*) filter (where fresh), count(*) filter (where not fresh), (select may from k) from w";
    }

    /** MERGE of Postgres 17 and later, which tells what it did to each row. */
    static ToldStatement merge(MergeParts parts, Offered offered) {
        return new ToldStatement(
                MergeStatement.sql(parts, offered) + " returning merge_action() = 'INSERT' as fresh", parts, offered);
    }

    /**
     * For Postgres 10 to 14, which have no MERGE. Only rows that are new or differ reach ON CONFLICT: it locks and logs
     * each conflicting row before it looks at a condition of its own, so it may never see the unchanged ones.
     */
    static ToldStatement antiJoin(MergeParts parts, Offered offered) {
        // a row that an upsert inserted has no xmax yet, one that it updated was locked by it first
        String write = "insert into " + parts.table() + " (" + parts.columns() + ") select "
                + parts.values(offered) + " from " + offered.relation() + " left join " + parts.own() + " o on "
                + parts.sameKey("o", "s") + " where " + parts.absent("o") + " or " + parts.differs("o", offered)
                + " on conflict (" + parts.keyColumns() + ") do update set "
                + parts.assignments(column -> "excluded." + column) + " returning (xmax = 0) as fresh";
        return new ToldStatement(write, parts, offered);
    }

    @Override
    public RowCounts apply(Transaction tx, int offered, List<Array> arrays) throws SQLException {
        Told told = tx.first(
                        sql,
                        row -> new Told(RowCounts.merged(row.getLong(1), row.getLong(2)), row.getBoolean(3)),
                        keptOut.bound(arrays))
                .orElseThrow();
        KeptOut.Found found = keptOut.look(tx, told.mayKeepOut(), offered, arrays);
        return told.counts().keepingOut(found.kept(offered, told.counts().changed()));
    }

    /** @param mayKeepOut a trigger may have kept rows from being written */
    private record Told(RowCounts counts, boolean mayKeepOut) {}
}

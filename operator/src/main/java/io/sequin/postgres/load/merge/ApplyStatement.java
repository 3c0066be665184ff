package io.sequin.postgres.load.merge;

import io.sequin.postgres.schema.Transaction;
import java.sql.Array;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;

/** Merges rows from a source into a table and writes only those that differ. Build it once per table and source. */
public interface ApplyStatement {
    /**
     * Runs it.
     *
     * @param offered rows in the source
     * @param arrays what the source binds; none for a staging table
     */
    RowCounts apply(Transaction tx, int offered, List<Array> arrays) throws SQLException;

    /** The form that the server knows. */
    static ApplyStatement of(int majorVersion, MergeParts parts, Offered offered) {
        if (majorVersion >= 17) {
            return new MergeReturningStatement(parts, offered);
        }
        return majorVersion >= 15 ? new MergeStatement(parts, offered) : new AntiJoinStatement(parts, offered);
    }

    /** Runs a statement that tells how many rows it inserted and updated, and whether a trigger may have kept out others. */
    static RowCounts told(
            Transaction tx, String sql, MergeParts parts, KeptOut keptOut, int offered, List<Array> arrays)
            throws SQLException {
        Object[] values =
                Stream.concat(arrays.stream(), Stream.of(parts.table())).toArray();
        Told told = tx.first(
                        sql,
                        row -> new Told(RowCounts.merged(row.getLong(1), row.getLong(2)), row.getBoolean(3)),
                        values)
                .orElseThrow();
        return told.mayKeepOut()
                ? told.counts()
                        .keepingOut(keptOut.look(tx, arrays)
                                .kept(offered, told.counts().changed()))
                : told.counts();
    }

    /** What such a statement tells. */
    record Told(RowCounts counts, boolean mayKeepOut) {}
}

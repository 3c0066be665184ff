package io.sequin.postgres.load.merge;

import io.sequin.postgres.schema.Transaction;
import java.sql.Array;
import java.sql.SQLException;
import java.util.List;

/** Merges rows from a source into a table and writes only those that differ. */
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
            return ToldStatement.merge(parts, offered);
        }
        return majorVersion >= 15 ? new MergeStatement(parts, offered) : ToldStatement.antiJoin(parts, offered);
    }
}

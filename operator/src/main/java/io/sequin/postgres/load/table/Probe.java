package io.sequin.postgres.load.table;

import io.sequin.data.Change;
import io.sequin.postgres.load.row.JsonRow;
import io.sequin.postgres.load.row.Rejected;
import io.sequin.postgres.load.row.RowArrays;
import io.sequin.postgres.load.row.Unfit;
import io.sequin.postgres.load.row.UnfitRecord;
import io.sequin.postgres.schema.Transaction;
import java.sql.Array;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds the records that the server refuses, all in one go: values are bound and converted without being written, in
 * halves where some are refused. Unlike the line that a failed COPY names it needs no attempt for each such record, no
 * right to temporary tables, and no reading of messages.
 */
final class Probe {
    private static final int CHUNK = TableWriter.STAGING_ROWS;

    private final Transaction tx;
    private final TableTarget target;
    private final Rejected rejected;
    private final List<Change.Upsert> fit = new ArrayList<>();

    Probe(Transaction tx, TableTarget target, Rejected rejected) {
        this.tx = tx;
        this.target = target;
        this.rejected = rejected;
    }

    /** Those that the server takes; the others are rejected. */
    List<Change.Upsert> fit(List<Change.Upsert> upserts) throws SQLException {
        JsonRow row = new JsonRow(target.shape());
        List<Change.Upsert> readable = new ArrayList<>(upserts.size());
        for (Change.Upsert upsert : upserts) {
            try {
                row.read(upsert);
                readable.add(upsert);
            } catch (UnfitRecord e) {
                rejected.add(upsert, e.why());
            }
        }
        for (List<Change.Upsert> some : Pieces.of(readable, CHUNK)) {
            probe(some);
        }
        return fit;
    }

    private void probe(List<Change.Upsert> some) throws SQLException {
        Savepoint before = tx.connection().setSavepoint();
        try {
            List<Array> arrays =
                    new RowArrays(target.shape()).ofRecords(tx, some, rejected).arrays();
            tx.first(target.convert(), found -> found.getLong(1), arrays.toArray());
            tx.connection().releaseSavepoint(before);
            fit.addAll(some);
        } catch (SQLException e) {
            if (!Unfit.isAboutValues(e)) {
                throw e;
            }
            tx.connection().rollback(before);
            if (some.size() == 1) {
                rejected.add(some.getFirst(), Unfit.of(e));
                return;
            }
            probe(some.subList(0, some.size() / 2));
            probe(some.subList(some.size() / 2, some.size()));
        }
    }
}

package io.sequin.postgres.load.copy;

import io.sequin.data.Change;
import io.sequin.data.ColumnType;
import io.sequin.postgres.load.json.Bytes;
import io.sequin.postgres.load.row.JsonRow;
import io.sequin.postgres.load.row.Rejected;
import io.sequin.postgres.load.row.RowShape;
import io.sequin.postgres.load.row.UnfitRecord;
import io.sequin.postgres.schema.Transaction;
import java.sql.SQLException;
import java.util.List;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/** Sends records through COPY, converting them on the way. */
public final class CopyRows {
    /** Larger pieces are not faster. */
    private static final int CHUNK_BYTES = 64 * 1_024;

    private final RowShape shape;
    private final List<ColumnType> types;

    /** Into the table itself. */
    public CopyRows(RowShape shape) {
        this(shape, shape.types());
    }

    /** @param types of the relation's columns: those of the shape, or TEXT where the shape has JSONB */
    public CopyRows(RowShape shape, List<ColumnType> types) {
        this.shape = shape;
        this.types = types;
    }

    /**
     * Copies records into a relation, but for those that Postgres can't take. Any failure makes the connection unusable, and the transaction says so.
     *
     * @param sql the relation and its columns: {@code copy … from stdin}, without the format
     * @param rejected gets the others
     * @return number of rows
     */
    public long into(Transaction tx, String sql, List<Change.Upsert> upserts, Rejected rejected) throws SQLException {
        CopyEncoder encoder = CopyEncoder.of(types);
        boolean done = false;
        try {
            CopyIn copy = tx.connection()
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn(sql + " with (format " + encoder.format() + ")");
            long rows = send(copy, encoder, upserts, rejected);
            done = true;
            return rows;
        } finally {
            if (!done) {
                tx.poison();
            }
        }
    }

    private long send(CopyIn copy, CopyEncoder encoder, List<Change.Upsert> upserts, Rejected rejected)
            throws SQLException {
        JsonRow row = new JsonRow(shape);
        Bytes out = new Bytes(2 * CHUNK_BYTES);
        CopyEncoder.Flow flow = full -> {
            if (full.size() >= CHUNK_BYTES) {
                copy.writeToCopy(full.data(), 0, full.size());
                full.clear();
            }
        };
        encoder.begin(out);
        for (Change.Upsert upsert : upserts) {
            try {
                encoder.row(row.read(upsert), out, flow);
            } catch (UnfitRecord e) {
                rejected.add(upsert, e.why());
            }
            flow.drain(out);
        }
        encoder.end(out);
        copy.writeToCopy(out.data(), 0, out.size());
        return copy.endCopy();
    }
}

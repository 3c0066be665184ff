package io.sequin.postgres.load.copy;

import io.sequin.data.ColumnType;
import io.sequin.postgres.load.json.Bytes;
import io.sequin.postgres.load.row.RowValues;
import java.sql.SQLException;
import java.util.List;

/** Writes rows in a format of COPY (manual, "COPY", section "File Formats"). */
interface CopyEncoder {
    /** What goes into {@code with (format …)}. */
    String format();

    void begin(Bytes out);

    /** @param flow is told between the pieces of a large value */
    void row(RowValues values, Bytes out, Flow flow) throws SQLException;

    void end(Bytes out);

    /** Takes what was written out of the way. */
    @FunctionalInterface
    interface Flow {
        /** So many bytes of a value are put at once. */
        int PIECE = 64 * 1_024;

        /** Leaves {@code out} with room for a piece, empty where it was full. */
        void drain(Bytes out) throws SQLException;
    }

    /** Puts bytes as they are. */
    static void put(byte[] bytes, int offset, int length, Bytes out, Flow flow) throws SQLException {
        int end = offset + length;
        for (int from = offset; from < end; from += Flow.PIECE) {
            out.put(bytes, from, Math.min(Flow.PIECE, end - from));
            if (length > Flow.PIECE) {
                flow.drain(out);
            }
        }
    }

    /** Binary where every column type has a simple send form, else text: {@code numeric} has none. */
    static CopyEncoder of(List<ColumnType> columns) {
        return columns.contains(ColumnType.NUMERIC) ? new TextCopyEncoder(columns) : new BinaryCopyEncoder(columns);
    }
}

package io.sequin.postgres.load.copy;

import io.sequin.data.ColumnType;
import io.sequin.postgres.load.json.Bytes;
import io.sequin.postgres.load.row.RowValues;
import java.util.List;

/** Writes rows in a format of COPY (manual, "COPY", section "File Formats"). */
interface CopyEncoder {
    /** What goes into {@code with (format …)}. */
    String format();

    void begin(Bytes out);

    void row(RowValues values, Bytes out);

    void end(Bytes out);

    /** Binary where every column type has a simple send form, else text: {@code numeric} has none. */
    static CopyEncoder of(List<ColumnType> columns) {
        return columns.contains(ColumnType.NUMERIC) ? new TextCopyEncoder(columns) : new BinaryCopyEncoder(columns);
    }
}

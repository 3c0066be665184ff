package io.sequin.postgres.load;

import io.sequin.data.ColumnType;

/** Writes rows in a format of COPY (manual, "COPY", section "File Formats"). */
interface CopyEncoder {
    /** What goes into {@code with (format …)}. */
    String format();

    void begin(Bytes out);

    void row(RowValues values, Bytes out);

    void end(Bytes out);

    /** Binary where every column type has a simple send form, else text: {@code numeric} has none. */
    static CopyEncoder of(RowShape shape) {
        return shape.has(ColumnType.NUMERIC) ? new TextCopyEncoder(shape) : new BinaryCopyEncoder(shape);
    }
}

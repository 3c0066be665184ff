package io.sequin.postgres.load;

import io.sequin.data.ColumnType;
import java.util.stream.IntStream;

/** Turns the {@code jsonb} values of a row into the server's own print of them. Used again for each row; one thread. */
final class PrintedRow {
    private final JsonbText text = new JsonbText();
    private final Bytes printed = new Bytes(4 * 1_024);
    private final int[] columns;

    PrintedRow(RowShape shape) {
        this.columns = IntStream.range(0, shape.size())
                .filter(i -> shape.type(i) == ColumnType.JSONB && !shape.isKey(i))
                .toArray();
    }

    /** The same row, valid until the next call. */
    RowValues of(RowValues values) {
        printed.clear();
        for (int column : columns) {
            if (!values.isNull(column)) {
                int from = printed.size();
                text.append(values.bytes(column), values.offset(column), values.length(column), printed);
                // an array that grows leaves what was printed so far in the one before
                values.set(column, printed.data(), from, printed.size() - from);
            }
        }
        return values;
    }
}

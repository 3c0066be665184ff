package io.sequin.postgres.load.row;

import io.sequin.data.RecordSize;
import io.sequin.postgres.load.json.Bytes;
import io.sequin.postgres.load.json.JsonbText;
import java.util.stream.IntStream;

/**
 * Turns the {@code jsonb} values of a row into the server's own print of them, but for large ones. Used again for each row;
 * one thread.
 */
public final class PrintedRow {
    private final Bytes printed = new Bytes(4 * 1_024);
    private final int[] columns;
    /** One a column: the objects of a column mostly have their members in one order. */
    private final JsonbText[] texts;

    public PrintedRow(RowShape shape) {
        this.columns = IntStream.range(0, shape.size()).filter(shape::isPrinted).toArray();
        this.texts = IntStream.of(columns).mapToObj(i -> new JsonbText()).toArray(JsonbText[]::new);
    }

    /** The same row, valid until the next call. */
    public RowValues of(RowValues values) {
        printed.clear();
        for (int i = 0; i < columns.length; i++) {
            int column = columns[i];
            if (!values.isNull(column)) {
                int from = printed.size();
                if (from + values.length(column) > RecordSize.LARGE) {
                    // the server sorts it, too, and no copy of it is made here
                    continue;
                }
                texts[i].append(values.bytes(column), values.offset(column), values.length(column), printed);
                // an array that grows leaves what was printed so far in the one before
                values.set(column, printed.data(), from, printed.size() - from);
            }
        }
        return values;
    }
}

package io.sequin.postgres.load.row;

import io.sequin.data.RecordSize;
import io.sequin.postgres.load.json.Bytes;
import io.sequin.postgres.load.json.JsonbText;
import io.sequin.postgres.load.json.ValueEnd;

/**
 * The {@code jsonb} values of a row as the server's own print of them, but for large ones. Used again for each row; one
 * thread.
 */
final class PrintedValues {
    private final RowValues values;
    private final Bytes printed = new Bytes(4 * 1_024);
    /** One a column: the objects of a column mostly have their members in one order. Null for what isn't printed. */
    private final JsonbText[] texts;

    PrintedValues(RowShape shape, RowValues values) {
        this.values = values;
        this.texts = new JsonbText[shape.size()];
        for (int i = 0; i < texts.length; i++) {
            if (shape.isPrinted(i)) {
                texts[i] = new JsonbText();
            }
        }
    }

    /** Another row begins: the values of the one before are no longer valid. */
    void clear() {
        printed.clear();
    }

    /** Whether the values of a column are printed. */
    boolean takes(int column) {
        return texts[column] != null;
    }

    /** Goes behind the field's value and puts it into its column, which takes any. */
    void read(int column, RecordFields fields) {
        values.setNull(column);
        boolean nested = fields.isNested() && isSmall(fields.limit() - fields.value());
        if (nested && printNested(column, fields)) {
            return;
        }
        fields.skip();
        if (fields.kind() != JsonKind.NULL) {
            values.set(column, fields.bytes(), fields.value(), fields.position() - fields.value());
            if (!nested) {
                print(column);
            }
        }
    }

    /** The printer finds the end of a value, too, so that it is gone over once. False where it can't print it. */
    private boolean printNested(int column, RecordFields fields) {
        int from = printed.size();
        int to = texts[column].appendFirst(fields.bytes(), fields.value(), fields.limit(), printed);
        if (to == ValueEnd.NONE) {
            return false;
        }
        fields.skipTo(to);
        set(column, from);
        return true;
    }

    /** Prints a value that is there as it came. */
    void print(int column) {
        if (isSmall(values.length(column))) {
            int from = printed.size();
            texts[column].append(values.bytes(column), values.offset(column), values.length(column), printed);
            set(column, from);
        }
    }

    /** The server sorts larger ones, too, and no copy of them is made here. */
    private boolean isSmall(int length) {
        return printed.size() + length <= RecordSize.LARGE;
    }

    private void set(int column, int from) {
        // an array that grows leaves what was printed so far in the one before
        values.set(column, printed.data(), from, printed.size() - from);
    }
}

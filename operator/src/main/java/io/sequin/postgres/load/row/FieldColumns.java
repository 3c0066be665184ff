package io.sequin.postgres.load.row;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Which column takes a field. Fields mostly come in the order of the record before, each name as the same String, which
 * is seen without a look-up. For one thread.
 */
final class FieldColumns {
    private final RowShape shape;
    private @Nullable String[] names = new String[16];
    private int[] columns = new int[16];
    private int at;

    FieldColumns(RowShape shape) {
        this.shape = shape;
    }

    /** A record begins. */
    void begin() {
        at = 0;
    }

    /** The column of the record's next field; -1 for none. */
    @SuppressWarnings("ReferenceEquality") // another String of the same name is looked up
    int of(String name) {
        if (at == names.length) {
            names = Arrays.copyOf(names, 2 * at);
            columns = Arrays.copyOf(columns, 2 * at);
        }
        if (names[at] != name) {
            names[at] = name;
            columns[at] = shape.column(name);
        }
        return columns[at++];
    }
}

package io.sequin.postgres.load.row;

import java.util.Arrays;

/**
 * Which column takes a field. Fields mostly come in the order of the record before, where a comparison of the name's bytes
 * takes the place of a look-up. For one thread.
 */
final class FieldColumns {
    /** So many fields of a record are remembered: there may be millions, but no table has more columns. */
    static final int MOST = 1_600;

    /** Nor are longer names, in bytes as they are written. */
    static final int LONGEST = 256;

    private static final byte[] UNKNOWN = {};

    private final RowShape shape;
    private byte[][] names = new byte[16][];
    private int[] columns = new int[16];
    private int at;

    FieldColumns(RowShape shape) {
        this.shape = shape;
        Arrays.fill(names, UNKNOWN);
    }

    /** A record begins. */
    void begin() {
        at = 0;
    }

    /** The column of the record's next field, whose name begins and ends here; -1 for none. */
    int of(RecordFields fields) {
        int length = fields.nameEnd() - fields.name();
        if (at == MOST || length > LONGEST) {
            return shape.column(fields.nameText());
        }
        if (at == names.length) {
            names = Arrays.copyOf(names, 2 * at);
            Arrays.fill(names, at, names.length, UNKNOWN);
            columns = Arrays.copyOf(columns, 2 * at);
        }
        byte[] known = names[at];
        if (!Arrays.equals(known, 0, known.length, fields.bytes(), fields.name(), fields.nameEnd())) {
            names[at] = Arrays.copyOfRange(fields.bytes(), fields.name(), fields.nameEnd());
            columns[at] = shape.column(fields.nameText());
        }
        return columns[at++];
    }
}

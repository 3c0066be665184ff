package io.sequin.postgres.load.row;

import io.sequin.data.Change;
import io.sequin.data.Encoding;
import io.sequin.data.Json;
import io.sequin.data.RecordSize;
import io.sequin.postgres.load.json.Bytes;
import io.sequin.postgres.load.json.HostileText;
import java.util.OptionalInt;

/**
 * One record as a row of its table: reads an object once, front to back, and notes where each column's value is. What goes
 * to {@code jsonb} is printed on the way. Used again for each record; one thread.
 *
 * <p>A field that no column takes, and a value whose JSON type does not fit its column, go to the overflow column under
 * the source's name; the column is null then.
 */
public final class JsonRow {
    /** Deeper nesting is refused; Postgres itself ends at its stack's limit, some thousands deep. */
    public static final int MAX_DEPTH = 1_000;

    /** As many digits as {@code numeric} has before the point. */
    static final int MAX_DIGITS = 131_072;

    /**
     * For how many zeros the exponents of a record may stand. The server keeps {@code 1e9999} in a few bytes and prints all
     * of it: 100,000 such numbers it takes, and can never give back (a text ends at 1 GB), nor compare with another.
     */
    static final int MAX_ZEROS = 4 * RecordSize.LARGE;

    private final RowShape shape;
    private final RowValues values;
    private final ColumnValue column;
    private final KeyValues keys;
    private final PrintedValues printed;
    private final RecordFields fields = new RecordFields();
    private final FieldColumns columns;
    private final Bytes extra = new Bytes(1_024);

    public JsonRow(RowShape shape) {
        this.shape = shape;
        this.values = new RowValues(shape.size());
        this.column = new ColumnValue(shape, values);
        this.keys = new KeyValues(shape, values);
        this.columns = new FieldColumns(shape);
        this.printed = new PrintedValues(shape, values);
    }

    /**
     * Reads a record.
     *
     * @return its values, valid until the next call
     * @throws UnfitRecord where Postgres can't take it
     */
    public RowValues read(Change.Upsert upsert) {
        Json object = sound(upsert);
        values.clear();
        extra.clear();
        printed.clear();
        readFields(object);
        if (extra.size() > 0) {
            extra.put('}');
            values.set(shape.extra(), extra.data(), 0, extra.size());
            printed.print(shape.extra());
        }
        keys.write(upsert.key());
        return values;
    }

    /** The record without what is hostile. */
    private Json sound(Change.Upsert upsert) {
        Json object = upsert.object();
        if (object.length() > RecordSize.LARGE) {
            // else it could not be set aside
            keys.write(upsert.key());
            // one that must be repaired is there twice
            OptionalInt repaired = HostileText.repairedLength(object);
            int length = repaired.isPresent() ? 2 * Math.max(repaired.getAsInt(), object.length()) : object.length();
            if (length > RecordSize.MOST) {
                throw new UnfitRecord(Unfit.MEMORY);
            }
        }
        return HostileText.repaired(object);
    }

    private void readFields(Json object) {
        fields.begin(object);
        columns.begin();
        while (fields.next()) {
            int name = fields.name();
            int nameEnd = fields.nameEnd();
            int value = fields.value();
            if (!fits(columns.of(fields))) {
                overflow(name, nameEnd, value, fields.position());
            }
        }
    }

    /** Goes behind the field's value, and puts it into its column; false where it doesn't fit or has none. */
    private boolean fits(int target) {
        if (target >= 0 && printed.takes(target)) {
            printed.read(target, fields);
            return true;
        }
        if (target >= 0 && fields.kind() == JsonKind.OBJECT && isReference(target)) {
            return column.readReferenced(target, fields);
        }
        fields.skip();
        return target >= 0 && (shape.isKey(target) || column.read(target, fields));
    }

    private boolean isReference(int target) {
        return shape.column(target).encoding() == Encoding.REFERENCE;
    }

    private void overflow(int name, int nameEnd, int value, int valueEnd) {
        byte[] bytes = fields.bytes();
        if (extra.size() == 0 && fields.limit() - name > RecordSize.LARGE) {
            // all that may follow, and the brackets: it never grows
            extra.room(fields.limit() - name + 2);
        }
        extra.put(extra.size() == 0 ? '{' : ',');
        extra.put(bytes, name, nameEnd - name);
        extra.put(':');
        extra.put(bytes, value, valueEnd - value);
    }
}

package io.sequin.postgres.load.row;

import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.sequin.data.Change;
import io.sequin.data.Encoding;
import io.sequin.data.Json;
import io.sequin.data.RecordSize;
import io.sequin.postgres.load.json.Bytes;
import io.sequin.postgres.load.json.HostileText;
import java.io.IOException;
import java.util.OptionalInt;

/**
 * One record as a row of its table: reads an object once, front to back, and notes where each column's value is. Nested
 * values stay slices of the original bytes. Used again for each record; one thread.
 *
 * <p>A field that no column takes, and a value whose JSON type does not fit its column, go to the overflow column under
 * the source's name; the column is null then.
 */
public final class JsonRow {
    /** Deeper nesting is refused; Postgres itself ends at its stack's limit, some thousands deep. */
    public static final int MAX_DEPTH = 1_000;

    /** As many digits as {@code numeric} has before the point. */
    static final int MAX_DIGITS = 131_072;

    private final RowShape shape;
    private final RowValues values;
    private final ColumnValue column;
    private final KeyValues keys;
    private final FieldColumns columns;
    private final Bytes extra = new Bytes(1_024);

    public JsonRow(RowShape shape) {
        this.shape = shape;
        this.values = new RowValues(shape.size());
        this.column = new ColumnValue(shape, values);
        this.keys = new KeyValues(shape, values);
        this.columns = new FieldColumns(shape);
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
        try (RecordTokens tokens = new RecordTokens(object)) {
            readObject(tokens);
        } catch (StreamConstraintsException e) {
            throw new UnfitRecord(Unfit.LIMITS);
        } catch (IOException e) {
            throw new UnfitRecord(Unfit.NOT_JSON);
        }
        if (extra.size() > 0) {
            extra.put('}');
            values.set(shape.extra(), extra.data(), 0, extra.size());
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

    private void readObject(RecordTokens tokens) throws IOException {
        if (tokens.next() != JsonToken.START_OBJECT) {
            throw new IOException("not an object");
        }
        columns.begin();
        while (tokens.next() == JsonToken.FIELD_NAME) {
            int name = tokens.start();
            int target = column(tokens);
            JsonToken token = tokens.next();
            int start = tokens.start();
            boolean fits;
            int end;
            if (token == JsonToken.START_OBJECT && target >= 0 && isReference(target)) {
                fits = column.readReferenced(target, tokens);
                end = tokens.position();
            } else {
                end = tokens.skip(token, start);
                fits = target >= 0 && (shape.isKey(target) || column.read(target, token, tokens, start, end));
            }
            if (!fits) {
                overflow(tokens, name, start, end);
            }
        }
    }

    /** The names of a large record may be too many to remember. */
    private int column(RecordTokens tokens) throws IOException {
        String name = tokens.name();
        return tokens.isLarge() ? shape.column(name) : columns.of(name);
    }

    private boolean isReference(int target) {
        return shape.column(target).encoding() == Encoding.REFERENCE;
    }

    private void overflow(RecordTokens tokens, int name, int start, int end) {
        byte[] bytes = tokens.bytes();
        if (tokens.isLarge() && extra.size() == 0) {
            // all that may follow, and the brackets: it never grows
            extra.room(tokens.limit() - name + 2);
        }
        extra.put(extra.size() == 0 ? '{' : ',');
        int nameEnd = name + 1;
        while (bytes[nameEnd] != '"') {
            nameEnd += bytes[nameEnd] == '\\' ? 2 : 1;
        }
        extra.put(bytes, name, nameEnd + 1 - name);
        extra.put(':');
        extra.put(bytes, start, end - start);
    }
}

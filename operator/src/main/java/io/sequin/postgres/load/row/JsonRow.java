package io.sequin.postgres.load.row;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.sequin.data.Change;
import io.sequin.data.Encoding;
import io.sequin.data.Json;
import io.sequin.postgres.load.json.ByteScan;
import io.sequin.postgres.load.json.Bytes;
import io.sequin.postgres.load.json.HostileText;
import java.io.IOException;

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

    private static final JsonFactory FACTORY = new JsonFactoryBuilder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .maxNumberLength(MAX_DIGITS)
                    .build())
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();

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
        Json object = HostileText.repaired(upsert.object());
        values.clear();
        extra.clear();
        try (JsonParser parser = FACTORY.createParser(object.bytes(), object.offset(), object.length())) {
            readObject(parser, object);
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

    private void readObject(JsonParser parser, Json object) throws IOException {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw new IOException("not an object");
        }
        byte[] bytes = object.bytes();
        columns.begin();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            int name = object.offset() + (int) parser.currentTokenLocation().getByteOffset();
            int target = columns.of(parser.currentName());
            JsonToken token = parser.nextToken();
            int start = object.offset() + (int) parser.currentTokenLocation().getByteOffset();
            boolean fits;
            int end;
            if (token == JsonToken.START_OBJECT && target >= 0 && isReference(target)) {
                fits = column.readReferenced(target, parser);
                end = object.offset() + (int) parser.currentLocation().getByteOffset();
            } else {
                end = skip(token, parser, object, start);
                fits = target >= 0 && (shape.isKey(target) || column.read(target, token, parser, bytes, start, end));
            }
            if (!fits) {
                overflow(bytes, name, start, end);
            }
        }
    }

    private boolean isReference(int target) {
        return shape.column(target).encoding() == Encoding.REFERENCE;
    }

    /** Goes to the value's end without decoding it; returns the index behind it. */
    private static int skip(JsonToken token, JsonParser parser, Json object, int start) throws IOException {
        if (token == JsonToken.VALUE_STRING) {
            return stringEnd(object, start);
        }
        if (token.isStructStart()) {
            parser.skipChildren();
        }
        return object.offset() + (int) parser.currentLocation().getByteOffset();
    }

    /** The index behind the quote that ends the string which begins at {@code start}. */
    private static int stringEnd(Json object, int start) throws IOException {
        byte[] bytes = object.bytes();
        int limit = object.offset() + object.length();
        int i = ByteScan.quoteOrBackslash(bytes, start + 1, limit);
        while (i < limit) {
            if (bytes[i] == '"') {
                return i + 1;
            }
            i = ByteScan.quoteOrBackslash(bytes, i + 2, limit);
        }
        throw new IOException("a string has no end");
    }

    private void overflow(byte[] bytes, int name, int start, int end) {
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

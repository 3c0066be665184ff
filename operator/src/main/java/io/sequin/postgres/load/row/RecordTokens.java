package io.sequin.postgres.load.row;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.sequin.data.Json;
import io.sequin.data.RecordSize;
import io.sequin.postgres.load.json.ByteScan;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;

/**
 * The tokens of one record, and where each of them lies in its bytes. A parser of bytes keeps each name that it meets,
 * which is quick where names repeat; in a large record they may be millions. So that is read as characters, one a byte:
 * then places in characters are those in bytes, and no text that the parser makes of them is to be used.
 */
final class RecordTokens implements AutoCloseable {
    private static final StreamReadConstraints LIMITS = StreamReadConstraints.builder()
            .maxNestingDepth(JsonRow.MAX_DEPTH)
            .maxStringLength(Integer.MAX_VALUE)
            .maxNameLength(Integer.MAX_VALUE)
            .maxNumberLength(JsonRow.MAX_DIGITS)
            .build();

    private static final JsonFactory FACTORY = new JsonFactoryBuilder()
            .streamReadConstraints(LIMITS)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();

    private static final JsonFactory FACTORY_OF_LARGE = new JsonFactoryBuilder()
            .streamReadConstraints(LIMITS)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .build();

    private final Json object;
    private final boolean large;
    private final JsonParser parser;

    RecordTokens(Json object) throws IOException {
        this.object = object;
        this.large = object.length() > RecordSize.LARGE;
        this.parser = large
                ? FACTORY_OF_LARGE.createParser(new Characters(object))
                : FACTORY.createParser(object.bytes(), object.offset(), object.length());
    }

    /** Of which no text is to be asked for, but of numbers. */
    JsonParser parser() {
        return parser;
    }

    boolean isLarge() {
        return large;
    }

    byte[] bytes() {
        return object.bytes();
    }

    /** The index behind the record's last byte. */
    int limit() {
        return object.offset() + object.length();
    }

    JsonToken next() throws IOException {
        return parser.nextToken();
    }

    /** The name that the parser stands at; of an ordinary record the same String each time. */
    String name() throws IOException {
        String name = parser.currentName();
        return large ? new String(name.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8) : name;
    }

    /** Where the token begins that the parser stands at. */
    int start() {
        return index(parser.currentTokenLocation());
    }

    /** The index behind what the parser has read. */
    int position() {
        return index(parser.currentLocation());
    }

    private int index(JsonLocation location) {
        return object.offset() + (int) (large ? location.getCharOffset() : location.getByteOffset());
    }

    /** Goes to the end of the value that the parser stands at, without decoding it; returns the index behind it. */
    int skip(JsonToken token, int start) throws IOException {
        if (token == JsonToken.VALUE_STRING) {
            return stringEnd(start);
        }
        if (token.isStructStart()) {
            parser.skipChildren();
        }
        return position();
    }

    /** The index behind the quote that ends the string which begins at {@code start}. */
    int stringEnd(int start) throws IOException {
        byte[] bytes = object.bytes();
        int limit = limit();
        int i = ByteScan.quoteOrBackslash(bytes, start + 1, limit);
        while (i < limit) {
            if (bytes[i] == '"') {
                return i + 1;
            }
            i = ByteScan.quoteOrBackslash(bytes, i + 2, limit);
        }
        throw new IOException("a string has no end");
    }

    @Override
    public void close() throws IOException {
        parser.close();
    }

    /** Each byte as a character. */
    private static final class Characters extends Reader {
        private final byte[] bytes;
        private final int end;
        private int at;

        Characters(Json json) {
            this.bytes = json.bytes();
            this.at = json.offset();
            this.end = json.offset() + json.length();
        }

        @Override
        public int read(char[] into, int offset, int length) {
            int some = Math.min(length, end - at);
            if (some == 0 && length > 0) {
                return -1;
            }
            for (int i = 0; i < some; i++) {
                into[offset + i] = (char) (bytes[at + i] & 0xff);
            }
            at += some;
            return some;
        }

        @Override
        public void close() {
            // an array needs none
        }
    }
}

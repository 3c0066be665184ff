package io.sequin.source.stripe;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** Reading JSON as a stream, so that records stay slices of the answer. */
final class Fragments {
    /** Deeper than any database takes; each level costs memory. */
    private static final int MAX_DEPTH = 100_000;

    /** No number of fewer digits is too large for a long. */
    private static final int LONG_DIGITS = 18;

    /** A record is only cut out here: whether its parts are too long is for who writes it, and then it is set aside alone. */
    private static final JsonFactory FACTORY = new JsonFactoryBuilder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private Fragments() {}

    /** Reads the one object that the bytes hold. */
    @FunctionalInterface
    interface Reader<T> {
        T read(JsonParser parser) throws IOException;
    }

    /**
     * What the reader made of the one object in the body.
     *
     * @throws UnexpectedJsonException where it is not one complete object
     */
    static <T> T parse(byte[] body, Reader<T> reader) {
        try (JsonParser parser = FACTORY.createParser(body)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new UnexpectedJsonException("the answer is not a JSON object");
            }
            T value = reader.read(parser);
            if (parser.nextToken() != null) {
                throw new UnexpectedJsonException("something follows the JSON object");
            }
            return value;
        } catch (StreamConstraintsException tooDeep) {
            throw new UnexpectedJsonException("the JSON has more than " + MAX_DEPTH + " levels");
        } catch (JsonProcessingException invalid) {
            // neither its message nor the cause: both may quote the data
            JsonLocation where = invalid.getLocation();
            throw new UnexpectedJsonException(
                    "the JSON is broken or cut short" + (where == null ? "" : " at byte " + where.getByteOffset()));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** The string the parser stands at; null for anything else, which is skipped. */
    static @Nullable String text(JsonParser parser) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_STRING) {
            return parser.getText();
        }
        parser.skipChildren();
        return null;
    }

    /** The string the parser stands at, or the {@code id} of the object; null for anything else, which is skipped. */
    static @Nullable String idOf(JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            return text(parser);
        }
        String id = null;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            boolean here = parser.currentName().equals("id");
            parser.nextToken();
            String value = text(parser);
            id = here ? value : id;
        }
        return id;
    }

    /** The whole number the parser stands at, of 18 digits at most; 0 for anything else, which is skipped. */
    static long number(JsonParser parser) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT && parser.getTextLength() <= LONG_DIGITS) {
            return parser.getLongValue();
        }
        parser.skipChildren();
        return 0;
    }

    static <T> T required(@Nullable T value, String field) {
        if (value == null) {
            throw new UnexpectedJsonException("the field " + field + " is missing");
        }
        return value;
    }
}

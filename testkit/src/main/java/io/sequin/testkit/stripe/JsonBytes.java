package io.sequin.testkit.stripe;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.ValueNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;

/** JSON as the fake keeps it: UTF-8 bytes, parsed only where a mutation or a test asks. */
final class JsonBytes {
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxStringLength(256 << 20).build())
            .build();
    private static final ObjectMapper MAPPER = JsonMapper.builder(FACTORY)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .nodeFactory(new BeyondDouble())
            .build();
    /** A lone surrogate has no UTF-8 form: it can only travel as an escape. */
    private static final ObjectMapper ESCAPING =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private JsonBytes() {}

    /** A number that no double holds stays as it is. */
    private static final class BeyondDouble extends JsonNodeFactory {
        private static final long serialVersionUID = 1;

        @Override
        public ValueNode numberNode(BigDecimal value) {
            double nearest = value.doubleValue();
            return Double.isFinite(nearest) ? numberNode(nearest) : super.numberNode(value);
        }
    }

    /** Something that writes one JSON value. */
    @FunctionalInterface
    interface Writer {
        void to(JsonGenerator out) throws IOException;
    }

    static Body write(Writer writer) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(2048);
        try (JsonGenerator out = FACTORY.createGenerator(bytes)) {
            writer.to(out);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return new Body(bytes.toByteArray());
    }

    /** Writes a value that is JSON already. */
    static void raw(JsonGenerator out, Body json) throws IOException {
        out.writeRawValue(new String(json.utf8(), StandardCharsets.UTF_8));
    }

    static Body of(JsonNode node) {
        try {
            return new Body((hasLoneSurrogate(node) ? ESCAPING : MAPPER).writeValueAsBytes(node));
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
    }

    static ObjectNode parse(Body json) {
        try {
            return (ObjectNode) MAPPER.readTree(json.utf8());
        } catch (IOException e) {
            throw new UncheckedIOException("the fake holds a body that is not JSON", e);
        }
    }

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    private static boolean hasLoneSurrogate(JsonNode node) {
        if (node.isTextual()) {
            return node.textValue()
                    .codePoints()
                    .anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
        }
        for (JsonNode child : node) {
            if (hasLoneSurrogate(child)) {
                return true;
            }
        }
        if (node.isObject()) {
            for (var field : node.properties()) {
                if (field.getKey()
                        .codePoints()
                        .anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)) {
                    return true;
                }
            }
        }
        return false;
    }
}

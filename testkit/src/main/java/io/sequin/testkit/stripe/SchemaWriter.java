package io.sequin.testkit.stripe;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import io.sequin.testkit.stripe.Shape.Origin;
import io.sequin.testkit.stripe.StripeObjectType.Parent;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Writes one object as its schema allows, by the draw's choices: nulls where they are allowed, one value of an enum, ids of objects
 * that exist where the schema refers to a kind that is stored. What only {@code expand} shows is left out.
 */
final class SchemaWriter {
    /** Deeper hashes are null or left out where the schema allows that. */
    private static final int DEEP = 3;

    private static final Set<String> NEVER_NULL = Set.of("status", "created", "livemode", "metadata");

    /** What is so when an object is made, by its kind. */
    private static final Map<String, String> BEGINS_TRUE = Map.of("review", "open", "price", "active");

    /** What only those have who asked for it when they made the object. */
    private static final String TEST_CLOCK = "test_clock";

    /** A type of payment methods that an account has to set up. */
    private static final String CUSTOM = "custom";

    private static final Set<String> SCALARS = Set.of("string", "integer", "number", "boolean");

    private final StripeOpenApi api;
    private final StripeObjectType type;
    private final Origin origin;
    private final Draw draw;
    private final JsonGenerator out;
    private final SchemaText texts;

    SchemaWriter(StripeOpenApi api, StripeObjectType type, Origin origin, Draw draw, JsonGenerator out) {
        this.api = api;
        this.type = type;
        this.origin = origin;
        this.draw = draw;
        this.out = out;
        this.texts = new SchemaText(draw);
    }

    void write(String schema) throws IOException {
        hash(schema, api.schema(schema), 0);
    }

    private void hash(String name, JsonNode schema, int depth) throws IOException {
        out.writeStartObject();
        Set<String> required = new HashSet<>();
        schema.path("required").forEach(r -> required.add(r.textValue()));
        Variants variants = variants(schema.path("properties"));
        for (var property : schema.path("properties").properties()) {
            String key = property.getKey();
            if (variants.chosen() != null && key.equals("type")) {
                out.writeStringField("type", variants.chosen());
            } else if (!variants.others().contains(key) || required.contains(key)) {
                member(name, key, property.getValue(), required.contains(key), depth);
            }
        }
        JsonNode free = schema.path("additionalProperties");
        if (free.isObject() && schema.path("properties").isEmpty()) {
            for (int i = draw.between(0, 3); i > 0; i--) {
                out.writeFieldName(texts.mapKey(free, i));
                value(name, "", free, depth + 1);
            }
        }
        out.writeEndObject();
    }

    /**
     * Where {@code type} names one of several hashes beside it, as in a payment method, only that one is shown.
     *
     * @param chosen the value of {@code type}; null: it is a property as any other
     */
    private record Variants(@Nullable String chosen, Set<String> others) {}

    private Variants variants(JsonNode properties) {
        JsonNode options = properties.path("type").path("enum");
        List<String> hashes = new ArrayList<>();
        options.forEach(o -> {
            if (properties.has(o.textValue()) && !o.textValue().equals(CUSTOM)) {
                hashes.add(o.textValue());
            }
        });
        if (hashes.isEmpty()) {
            return new Variants(null, Set.of());
        }
        String drawn = options.get(draw.between(0, options.size())).textValue();
        String chosen = drawn.equals(CUSTOM) ? hashes.getFirst() : drawn;
        Set<String> others = new HashSet<>(hashes);
        others.add(CUSTOM);
        others.remove(chosen);
        return new Variants(chosen, others);
    }

    private void member(String owner, String name, JsonNode schema, boolean required, int depth) throws IOException {
        if (name.equals("metadata") && schema.has("additionalProperties")) {
            Shape.metadata(out, draw);
            return;
        }
        Optional<String> fixed = depth == 0 ? fixed(name, schema) : Optional.empty();
        if (fixed.isPresent()) {
            out.writeStringField(name, fixed.get());
            return;
        }
        if (isList(schema)) {
            if (required) {
                list(name, schema);
            }
            return;
        }
        boolean nullable = schema.path("nullable").booleanValue();
        boolean large = depth >= DEEP && !isScalar(schema);
        if (nullable && name.equals(TEST_CLOCK)) {
            out.writeNullField(name);
        } else if (nullable && !NEVER_NULL.contains(name) && (draw.percent(35) || large)) {
            out.writeNullField(name);
        } else if (!nullable && !required && !NEVER_NULL.contains(name) && (draw.percent(35) || large)) {
            return;
        } else {
            out.writeFieldName(name);
            value(owner, name, schema, depth);
        }
    }

    /** What the place of the object decides: its id, and its parent's. */
    private Optional<String> fixed(String name, JsonNode schema) {
        if (name.equals("id")) {
            return Optional.of(origin.id());
        }
        String parentId = origin.parent();
        return parentId != null
                        && type.parent().map(p -> names(p, name, schema)).orElse(false)
                ? Optional.of(parentId)
                : Optional.empty();
    }

    private static boolean names(Parent parent, String name, JsonNode schema) {
        String wireName = parent.type().wireName();
        return isId(schema)
                && (name.equals(parent.param())
                        || name.equals(wireName.substring(wireName.lastIndexOf('.') + 1))
                        || StripeOpenApi.references(schema).contains(wireName));
    }

    private void value(String owner, String name, JsonNode schema, int depth) throws IOException {
        if (schema.has("$ref")) {
            resource(StripeOpenApi.nameOf(schema), depth);
        } else if (schema.has("anyOf")) {
            anyOf(owner, name, schema, depth);
        } else {
            switch (schema.path("type").asText()) {
                case "boolean" -> out.writeBoolean(flag(name, depth));
                case "integer" -> out.writeNumber(texts.integer(name, schema, origin.created()));
                case "number" -> out.writeNumber(draw.between(1, 100_000) / 100.0);
                case "array" -> array(owner, name, schema.path("items"), depth);
                case "object" -> hash(name, schema, depth + 1);
                default -> text(owner, name, schema);
            }
        }
    }

    private boolean flag(String name, int depth) throws IOException {
        boolean drawn = draw.percent(50);
        if (name.equals("livemode")) {
            return origin.livemode();
        }
        return drawn || (depth == 0 && name.equals(BEGINS_TRUE.get(type.wireName())));
    }

    private void array(String owner, String name, JsonNode items, int depth) throws IOException {
        out.writeStartArray();
        int size = depth >= DEEP && !isScalar(items) ? 0 : draw.between(0, 3);
        for (int i = 0; i < size; i++) {
            value(owner, name, items, depth + 1);
        }
        out.writeEndArray();
    }

    private void anyOf(String owner, String name, JsonNode schema, int depth) throws IOException {
        List<String> resources = StripeOpenApi.references(schema).stream()
                .filter(r -> !r.startsWith("deleted_"))
                .toList();
        if (isId(schema)) {
            id(draw.pick(resources), schema);
        } else if (resources.isEmpty()) {
            JsonNode options = schema.get("anyOf");
            value(owner, name, options.get(draw.between(0, options.size())), depth);
        } else {
            // variants of one hash differ by what the client may see: the first is the one of a secret key
            boolean kinds = resources.stream()
                    .allMatch(r -> api.schema(r).path("properties").has("object"));
            resource(kinds ? draw.pick(resources) : resources.getFirst(), depth);
        }
    }

    /** An object within another one: as it was when created where such objects are stored, so that it never changes unheard. */
    private void resource(String schema, int depth) throws IOException {
        Optional<Body> stored =
                StripeObjectType.storing(schema).flatMap(t -> origin.links().firstState(t, draw.bits()));
        if (stored.isPresent()) {
            JsonBytes.raw(out, stored.get());
        } else {
            hash(schema, api.schema(schema), depth + 1);
        }
    }

    private void id(String schema, JsonNode property) throws IOException {
        Optional<String> existing =
                StripeObjectType.storing(schema).flatMap(t -> origin.links().idOf(t, draw.bits()));
        if (existing.isPresent()) {
            out.writeString(existing.get());
        } else if (property.path("nullable").booleanValue()) {
            out.writeNull();
        } else {
            out.writeString(draw.id(StripeObjectType.catalog().idPrefix(schema), 24));
        }
    }

    private void text(String owner, String name, JsonNode schema) throws IOException {
        if (name.equals("id")) {
            out.writeString(draw.id(StripeObjectType.catalog().idPrefix(owner), 24));
        } else if (!schema.has("enum") && StripeObjectType.storing(name).isPresent()) {
            id(name, schema);
        } else {
            out.writeString(texts.text(name, schema));
        }
    }

    private void list(String name, JsonNode schema) throws IOException {
        List<String> elements =
                StripeOpenApi.references(schema.path("properties").path("data").path("items"));
        out.writeFieldName(name);
        JsonBytes.raw(out, origin.links().list(elements));
    }

    /** Whether it is a list with pages of its own. */
    static boolean isList(JsonNode schema) {
        return schema.path("properties").has("has_more");
    }

    /** Whether unexpanded it is an id. */
    private static boolean isId(JsonNode schema) {
        if (!schema.has("anyOf")) {
            return isFreeText(schema);
        }
        return !StripeOpenApi.references(schema).isEmpty()
                && StreamSupport.stream(schema.get("anyOf").spliterator(), false)
                        .anyMatch(SchemaWriter::isFreeText);
    }

    private static boolean isFreeText(JsonNode schema) {
        return schema.path("type").asText().equals("string") && !schema.has("enum");
    }

    private static boolean isScalar(JsonNode schema) {
        return isId(schema) || SCALARS.contains(schema.path("type").asText());
    }
}

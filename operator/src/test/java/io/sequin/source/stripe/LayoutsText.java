package io.sequin.source.stripe;

import com.fasterxml.jackson.databind.JsonNode;
import io.sequin.testkit.stripe.StripeOpenApi;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.StreamSupport;

/** Writes the file of layouts from the OpenAPI description: the rules of docs/stripe.md, read from the schemas alone. */
final class LayoutsText {
    /** Named as an object, yet not the id of one. */
    private static final Set<String> NO_REFERENCES = Set.of("secret");

    private final JsonNode schemas;
    private final StripeOpenApi api;
    private final Set<String> objects = new TreeSet<>();

    LayoutsText(StripeOpenApi api) {
        this.api = api;
        this.schemas = api.document().at("/components/schemas");
        schemas.properties().forEach(s -> {
            if (s.getValue().has("x-resourceId")) {
                objects.add(s.getKey().substring(s.getKey().lastIndexOf('.') + 1));
            }
        });
    }

    String text() {
        StringBuilder out = new StringBuilder("# Generated from Stripe's OpenAPI description, version "
                + api.apiVersion() + "; how: StripeTablesTest.\n");
        api.eventTypes().forEach(type -> out.append("event ").append(type).append('\n'));
        StripeTables.SPECS.forEach(spec -> table(spec, out));
        return out.toString();
    }

    private void table(TableSpec spec, StringBuilder out) {
        boolean created = api.queryParameters(spec.place().path()).contains("created");
        out.append("\ntable ").append(spec.name()).append(created ? " created\n" : "\n");
        out.append("id text\n");
        JsonNode properties = schemas.path(spec.object()).path("properties");
        String parent = spec.parent()
                .filter(TableSpec.Parent::owns)
                .map(TableSpec.Parent::field)
                .orElse("");
        if (!parent.isEmpty() && !properties.has(parent)) {
            out.append(parent).append(" parent\n");
        }
        new TreeMap<>(fields(properties))
                .forEach((field, kind) -> out.append(field)
                        .append(' ')
                        .append(field.equals(parent) ? "reference" : kind)
                        .append('\n'));
    }

    private Map<String, String> fields(JsonNode properties) {
        Map<String, String> fields = new TreeMap<>();
        properties.properties().forEach(p -> fields.put(p.getKey(), kind(p.getKey(), p.getValue())));
        fields.remove("id");
        return fields;
    }

    private String kind(String field, JsonNode schema) {
        if ((schema.has("x-expansionResources") && acceptsText(schema)) || isPlainReference(field, schema)) {
            return "reference";
        }
        return switch (schema.path("type").asText()) {
            case "boolean" -> "bool";
            case "number" -> "number";
            case "integer" -> schema.path("format").asText().equals("unix-time") ? "time" : "integer";
            // decimals come as text, and stay as exact as they came
            case "string" -> "text";
            default -> "json";
        };
    }

    private static boolean acceptsText(JsonNode schema) {
        return StreamSupport.stream(schema.path("anyOf").spliterator(), false)
                .anyMatch(option -> option.path("type").asText().equals("string"));
    }

    /** Fields that can't be expanded but hold an id say so by their name, or in words only. */
    private boolean isPlainReference(String field, JsonNode schema) {
        if (!schema.path("type").asText().equals("string") || schema.has("enum")) {
            return false;
        }
        return schema.path("description").asText().matches("(?s)(The )?ID of .*")
                || (objects.contains(field) && !NO_REFERENCES.contains(field));
    }
}

package io.sequin.testkit.stripe;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Compares JSON with a schema of Stripe's OpenAPI document: types, nulls, enums, required and unknown properties, at every depth. */
final class SchemaCheck {
    private final StripeOpenApi api;
    private final List<String> problems = new ArrayList<>();

    private SchemaCheck(StripeOpenApi api) {
        this.api = api;
    }

    /** What doesn't fit, with the path of each; empty: all fits. */
    static List<String> problems(StripeOpenApi api, String schema, JsonNode value) {
        SchemaCheck check = new SchemaCheck(api);
        check.check(schema, api.schema(schema), value);
        return check.problems;
    }

    /** What doesn't fit in the answer of a GET. */
    static List<String> pageProblems(StripeOpenApi api, String path, JsonNode value) {
        SchemaCheck check = new SchemaCheck(api);
        JsonNode schema =
                api.document().path("paths").path(path).at("/get/responses/200/content/application~1json/schema");
        check.check(path, schema, value);
        return check.problems;
    }

    private void check(String path, JsonNode schema, JsonNode value) {
        if (value.isNull()) {
            require(schema.path("nullable").asBoolean(), path, "null");
        } else if (schema.has("$ref")) {
            String name = schema.get("$ref").textValue().replaceFirst(".*/", "");
            check(path, api.schema(name), value);
        } else if (schema.has("anyOf")) {
            anyOf(path, schema, value);
        } else {
            byType(path, schema, value);
        }
    }

    private void byType(String path, JsonNode schema, JsonNode value) {
        switch (schema.path("type").asText("none")) {
            case "string" -> {
                require(value.isTextual(), path, "no text");
                if (schema.has("enum")) {
                    boolean known = false;
                    for (JsonNode option : schema.get("enum")) {
                        known |= option.equals(value);
                    }
                    require(known, path, "not in the enum: " + value);
                }
            }
            case "integer" -> require(value.isIntegralNumber(), path, "no integer");
            case "number" -> require(value.isNumber(), path, "no number");
            case "boolean" -> require(value.isBoolean(), path, "no boolean");
            case "array" -> {
                require(value.isArray(), path, "no list");
                for (int i = 0; i < value.size(); i++) {
                    check(path + "[" + i + "]", schema.get("items"), value.get(i));
                }
            }
            case "object" -> object(path, schema, value);
            default -> problems.add(path + ": the schema has no type");
        }
    }

    private void object(String path, JsonNode schema, JsonNode value) {
        require(value.isObject(), path, "no hash");
        for (JsonNode name : schema.path("required")) {
            require(value.has(name.textValue()), path, "lacks " + name.textValue());
        }
        for (var field : value.properties()) {
            JsonNode property = schema.path("properties").path(field.getKey());
            String inner = path + "." + field.getKey();
            if (!property.isMissingNode()) {
                check(inner, property, field.getValue());
            } else if (schema.path("additionalProperties").isObject()) {
                check(inner, schema.get("additionalProperties"), field.getValue());
            } else {
                require(schema.has("additionalProperties"), inner, "unknown to the schema");
            }
        }
    }

    private void anyOf(String path, JsonNode schema, JsonNode value) {
        List<String> last = List.of();
        for (JsonNode option : schema.get("anyOf")) {
            SchemaCheck attempt = new SchemaCheck(api);
            attempt.check(path, option, value);
            if (attempt.problems.isEmpty()) {
                return;
            }
            last = attempt.problems;
        }
        problems.add(path + ": fits none of anyOf, the last one because " + last);
    }

    private void require(boolean ok, String path, String problem) {
        if (!ok) {
            problems.add(path + ": " + problem);
        }
    }
}

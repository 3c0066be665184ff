package io.sequin.testkit.stripe;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * A query parameter of a list as the OpenAPI document describes it.
 *
 * @param required whether a request without it is refused
 * @param values those that are allowed; empty: any
 */
record StripeParameter(String name, Kind kind, boolean required, Set<String> values) {
    static final List<String> BOUNDS = List.of("gt", "gte", "lt", "lte");

    /** What values look like. */
    enum Kind {
        /** One text or number. */
        TEXT,
        /** True or false. */
        FLAG,
        /** Several texts. */
        SEVERAL,
        /** Seconds since the epoch: exactly, or {@code [gt]}, {@code [gte]}, {@code [lt]}, {@code [lte]}. */
        RANGE,
        /** A hash whose members filter by something of their own. */
        HASH
    }

    static StripeParameter of(JsonNode parameter) {
        return new StripeParameter(
                parameter.path("name").textValue(),
                kind(parameter.path("schema")),
                parameter.path("required").booleanValue(),
                values(parameter.path("schema").path("enum")));
    }

    private static Set<String> values(JsonNode options) {
        Set<String> values = new TreeSet<>();
        options.forEach(option -> values.add(option.asText()));
        return values;
    }

    /** Whether a value of it asks for all there is. */
    boolean isAll(String value) {
        return value.equals("all") && values.contains(value);
    }

    private static Kind kind(JsonNode schema) {
        for (JsonNode option : schema.path("anyOf")) {
            if (option.path("properties").has("gte")) {
                return Kind.RANGE;
            }
        }
        return switch (schema.path("type").asText("")) {
            case "boolean" -> Kind.FLAG;
            case "array" -> Kind.SEVERAL;
            case "object" -> Kind.HASH;
            default -> Kind.TEXT;
        };
    }

    /** The names under which it appears in a query. */
    Stream<String> spellings() {
        return kind == Kind.RANGE
                ? Stream.concat(Stream.of(name), BOUNDS.stream().map(bound -> name + "[" + bound + "]"))
                : Stream.of(name);
    }
}

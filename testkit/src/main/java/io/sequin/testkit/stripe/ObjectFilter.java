package io.sequin.testkit.stripe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sequin.testkit.stripe.Pager.Range;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** The filters of the object lists beside {@code created}: equality of a property, one of several, or a range of seconds. */
record ObjectFilter(List<Predicate<ObjectNode>> conditions) {
    /** Parameters that ask for one of several values, with the property. */
    private static final Map<String, String> PLURALS = Map.of("ids", "id", "lookup_keys", "lookup_key");

    static ObjectFilter of(StripeObjectType type, StripeQuery query) {
        List<Predicate<ObjectNode>> conditions = new ArrayList<>();
        if (type.path().equals("/v1/subscriptions")) {
            conditions.add(subscriptionStatus(query.one("status").orElse("not canceled")));
        }
        for (StripeParameter parameter : type.parameters().values()) {
            String name = parameter.name();
            if (StripeQuery.COMMON.contains(name)
                    || parameter.required()
                    || (type.path().equals("/v1/subscriptions") && name.equals("status"))) {
                continue;
            }
            if (!type.hasProperty(PLURALS.getOrDefault(name, name))) {
                query.refuse(name);
                continue;
            }
            switch (parameter.kind()) {
                case TEXT -> query.one(name).ifPresent(value -> conditions.add(body -> is(body.path(name), value)));
                case FLAG ->
                    query.bool(name)
                            .ifPresent(value ->
                                    conditions.add(body -> body.path(name).isBoolean()
                                            && body.path(name).booleanValue() == value));
                case SEVERAL -> several(name, query, conditions);
                case RANGE -> range(name, query, conditions);
                case HASH -> query.refuse(name);
            }
        }
        return new ObjectFilter(conditions);
    }

    private static void several(String name, StripeQuery query, List<Predicate<ObjectNode>> conditions) {
        List<String> values = query.all(name);
        if (!values.isEmpty()) {
            String property = PLURALS.getOrDefault(name, name);
            conditions.add(body -> values.contains(body.path(property).asText()));
        }
    }

    private static void range(String name, StripeQuery query, List<Predicate<ObjectNode>> conditions) {
        Range range = query.range(name);
        if (!range.equals(Range.ALL)) {
            conditions.add(body ->
                    body.path(name).isNumber() && range.contains(body.path(name).longValue()));
        }
    }

    /** Canceled ones are left out unless they are asked for. */
    private static Predicate<ObjectNode> subscriptionStatus(String wanted) {
        return body -> {
            String status = body.path("status").asText();
            return switch (wanted) {
                case "all" -> true;
                case "ended" -> status.equals("canceled") || status.equals("incomplete_expired");
                case "not canceled" -> !status.equals("canceled");
                default -> status.equals(wanted);
            };
        };
    }

    /** Objects that are shown whole are named by their id. */
    private static boolean is(JsonNode property, String value) {
        return property.isObject()
                ? property.path("id").asText().equals(value)
                : property.isValueNode()
                        && !property.isNull()
                        && property.asText().equals(value);
    }

    /** Whether everything passes, so that bodies need not be read. */
    boolean isEmpty() {
        return conditions.isEmpty();
    }

    boolean accepts(ObjectNode body) {
        return conditions.stream().allMatch(condition -> condition.test(body));
    }
}

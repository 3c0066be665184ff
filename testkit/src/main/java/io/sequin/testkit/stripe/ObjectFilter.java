package io.sequin.testkit.stripe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sequin.testkit.stripe.Pager.Range;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The filters of the object lists beside {@code created}: equality of a property, one of several, or a range of seconds; and
 * what a list leaves out that is not asked for it.
 *
 * @param ofChanged conditions that every object meets until it is changed, or made with other values than the usual ones
 */
record ObjectFilter(List<Predicate<ObjectNode>> conditions, List<Predicate<ObjectNode>> ofChanged) {
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
                case TEXT ->
                    query.one(name)
                            .filter(value -> !parameter.isAll(value))
                            .ifPresent(value -> conditions.add(body -> is(body.path(name), value)));
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
        return new ObjectFilter(conditions, leftOut(type.path(), query));
    }

    /** What the descriptions in the OpenAPI document say that a list leaves out. */
    private static List<Predicate<ObjectNode>> leftOut(String path, StripeQuery query) {
        return switch (path) {
            case "/v1/reviews" -> List.of(body -> body.path("open").booleanValue());
            case "/v1/prices" ->
                query.one("active").isPresent()
                        ? List.of()
                        : List.of(body -> body.path("active").booleanValue());
            case "/v1/payment_methods" ->
                query.one("type").isPresent()
                        ? List.of()
                        : List.of(body -> !body.path("type").asText().equals("custom"));
            case "/v1/customers" -> withoutTestClock(query, "test_clock");
            case "/v1/quotes", "/v1/subscriptions" -> withoutTestClock(query, "test_clock", "customer");
            case "/v1/subscription_schedules" -> withoutTestClock(query, "customer");
            default -> List.of();
        };
    }

    private static List<Predicate<ObjectNode>> withoutTestClock(StripeQuery query, String... unless) {
        return Stream.of(unless).anyMatch(name -> query.one(name).isPresent())
                ? List.of()
                : List.of(body -> !body.hasNonNull("test_clock"));
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

    /**
     * Whether everything passes, so that the body need not be read.
     *
     * @param changed the object is not as it was generated
     */
    boolean isEmpty(boolean changed) {
        return conditions.isEmpty() && (ofChanged.isEmpty() || !changed);
    }

    boolean accepts(ObjectNode body) {
        return Stream.concat(conditions.stream(), ofChanged.stream()).allMatch(condition -> condition.test(body));
    }
}

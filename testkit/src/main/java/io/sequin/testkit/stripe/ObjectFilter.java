package io.sequin.testkit.stripe;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** The filters of the object lists beside {@code created}: equality of a property, or one of several ids. */
record ObjectFilter(List<Predicate<ObjectNode>> conditions) {
    private static final Set<String> TEXTS =
            Set.of("email", "test_clock", "url", "customer", "payment_intent", "transfer_group");
    private static final Set<String> FLAGS = Set.of("active", "shippable");

    /** The parameters that Stripe documents for a list. */
    static Set<String> parameters(StripeObjectType type) {
        return switch (type) {
            case CUSTOMER -> Set.of("email", "test_clock");
            case PRODUCT -> Set.of("active", "ids", "shippable", "url");
            case CHARGE -> Set.of("customer", "payment_intent", "transfer_group");
        };
    }

    static ObjectFilter of(StripeObjectType type, StripeQuery query) {
        List<Predicate<ObjectNode>> conditions = new ArrayList<>();
        for (String name : parameters(type)) {
            if (TEXTS.contains(name)) {
                query.one(name)
                        .ifPresent(value -> conditions.add(
                                body -> value.equals(body.path(name).textValue())));
            } else if (FLAGS.contains(name)) {
                query.bool(name)
                        .ifPresent(value -> conditions.add(body ->
                                body.path(name).isBoolean() && body.path(name).booleanValue() == value));
            } else if (!query.all(name).isEmpty()) {
                List<String> ids = query.all(name);
                conditions.add(body -> ids.contains(body.path("id").textValue()));
            }
        }
        return new ObjectFilter(conditions);
    }

    /** Whether everything passes, so that bodies need not be read. */
    boolean isEmpty() {
        return conditions.isEmpty();
    }

    boolean accepts(ObjectNode body) {
        return conditions.stream().allMatch(condition -> condition.test(body));
    }
}

package io.sequin.testkit.stripe;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which objects Stripe's event types are about. The names follow the schemas': {@code issuing_card.updated} is about
 * {@code issuing.card}, {@code customer.subscription.updated} about {@code subscription}. The exceptions are below.
 */
final class EventSubjects {
    private static final Map<String, List<String>> EXCEPTIONS = Map.of(
            "application_fee.refund", List.of("fee_refund"),
            "customer.source", List.of("card", "bank_account", "source"),
            "account.external_account", List.of("card", "bank_account"),
            "billing.alert", List.of(),
            "account.application", List.of(),
            "source.transaction", List.of("source_transaction"),
            "customer.discount", List.of(),
            "reserve.plan", List.of());
    /** Events that are only about the children of one kind. */
    private static final Map<String, String> OWNERS = Map.of(
            "customer.source", "customer",
            "customer.tax_id", "customer",
            "account.external_account", "account",
            "source", "source");
    /** Said twice, once under a newer name. */
    private static final List<String> OLDER = List.of("charge.refund.updated");

    private EventSubjects() {}

    static Map<String, List<StripeEventType>> bySchema(StripeOpenApi api) {
        Map<String, List<StripeEventType>> found = new HashMap<>();
        for (String name : api.eventTypes()) {
            StripeEventType type = new StripeEventType(name);
            if (!OLDER.contains(name)) {
                schemas(api, type.subject())
                        .forEach(s ->
                                found.computeIfAbsent(s, k -> new ArrayList<>()).add(type));
            }
        }
        return found;
    }

    /** Whether an event about such objects is about those with this parent. */
    static boolean concerns(StripeEventType event, Optional<String> parent) {
        String owner = OWNERS.get(event.subject());
        return owner == null || parent.equals(Optional.of(owner));
    }

    private static List<String> schemas(StripeOpenApi api, String subject) {
        List<String> exception = EXCEPTIONS.get(subject);
        if (exception != null) {
            return exception;
        }
        Optional<String> schema = Stream.of(
                        subject, subject.replaceFirst("_", "."), subject.substring(subject.lastIndexOf('.') + 1))
                .filter(api::hasSchema)
                .findFirst();
        return schema.stream().toList();
    }
}

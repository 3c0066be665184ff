package io.sequin.source.stripe;

import static io.sequin.source.stripe.TableSpec.table;

import java.time.Duration;
import java.util.List;

/** Payments: intents, methods, attempts, checkout pages. */
final class PaymentTables {
    static final List<TableSpec> TABLES = List.of(
            table("apple_pay_domain", "/v1/apple_pay/domains", "Apple Pay Domains: Read")
                    .wholeList(Duration.ofHours(1))
                    .build(),
            table("checkout.session", "/v1/checkout/sessions", "Checkout Sessions: Read")
                    .events("checkout.session")
                    .newRowsUntilFinal("open")
                    .build(),
            table("item", "/v1/checkout/sessions/{parent}/line_items", "Checkout Sessions: Read")
                    .named("checkout_session_line_item")
                    .under("checkout_session", "checkout_session")
                    .build(),
            table("forwarding.request", "/v1/forwarding/requests", "Forwarding Requests: Read")
                    .newRows()
                    .build(),
            table("payment_attempt_record", "/v1/payment_attempt_records", "Payment Records: Read")
                    .with("payment_record={parent}")
                    .listedBy("payment_record", "payment_record")
                    .wholeList(Duration.ofHours(6))
                    .build(),
            table("payment_intent", "/v1/payment_intents", "Payment Intents: Read")
                    .events("payment_intent")
                    .build(),
            table("payment_link", "/v1/payment_links", "Payment Links: Read")
                    .events("payment_link")
                    .build(),
            table("item", "/v1/payment_links/{parent}/line_items", "Payment Links: Read")
                    .named("payment_link_line_item")
                    .under("payment_link", "payment_link")
                    .build(),
            table("payment_method", "/v1/payment_methods", "Payment Methods: Read")
                    .thenWith("type=custom")
                    .events("payment_method")
                    .build(),
            table(
                            "payment_method_configuration",
                            "/v1/payment_method_configurations",
                            "Payment Method Configurations: Read")
                    .wholeList(Duration.ofHours(1))
                    .build(),
            table("payment_method_domain", "/v1/payment_method_domains", "Payment Method Domains: Read")
                    .wholeList(Duration.ofHours(1))
                    .build(),
            table("payment_record", "/v1/payment_records", "Payment Records: Read")
                    .wholeList(Duration.ofHours(6))
                    .build(),
            table("setup_attempt", "/v1/setup_attempts", "Setup Intents: Read")
                    .with("setup_intent={parent}")
                    .under("setup_intent", "setup_intent")
                    .againUntilFinal(Duration.ofHours(1), "processing", "requires_action", "requires_confirmation")
                    .build(),
            table("setup_intent", "/v1/setup_intents", "Setup Intents: Read")
                    .events("setup_intent")
                    .build());

    private PaymentTables() {}
}

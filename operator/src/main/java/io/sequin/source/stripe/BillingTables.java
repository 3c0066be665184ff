package io.sequin.source.stripe;

import static io.sequin.source.stripe.TableSpec.table;

import java.time.Duration;
import java.util.List;

/** Subscriptions, invoices and what they are made of. */
final class BillingTables {
    static final List<TableSpec> TABLES = List.of(
            table("credit_note", "/v1/credit_notes", "Credit Notes: Read")
                    .events("credit_note")
                    .build(),
            table("credit_note_line_item", "/v1/credit_notes/{parent}/lines", "Credit Notes: Read")
                    .within("credit_note", "credit_note", "lines")
                    .build(),
            table("invoice", "/v1/invoices", "Invoices: Read")
                    .events("invoice")
                    .except("invoice.upcoming")
                    .related("invoiceitem", "invoice")
                    .related("invoice_payment", "invoice")
                    .related("credit_note", "invoice")
                    .build(),
            table("line_item", "/v1/invoices/{parent}/lines", "Invoices: Read")
                    .named("invoice_line_item")
                    .within("invoice", "invoice", "lines")
                    .build(),
            table("invoice_payment", "/v1/invoice_payments", "Invoices: Read")
                    .events("invoice_payment")
                    .newRowsUntilFinal("open")
                    .build(),
            table("invoice_rendering_template", "/v1/invoice_rendering_templates", "Invoice Rendering Templates: Read")
                    .wholeList(Duration.ofHours(1))
                    .build(),
            table("invoiceitem", "/v1/invoiceitems", "Invoices: Read")
                    .named("invoice_item")
                    .events("invoiceitem")
                    .wholeList(Duration.ofHours(6))
                    .build(),
            table("subscription", "/v1/subscriptions", "Subscriptions: Read")
                    .with("status=all")
                    .events("customer.subscription")
                    .withoutInList(TableSpec.OF_TEST_CLOCKS)
                    .staysWhenDeleted()
                    .build(),
            table("subscription_item", "/v1/subscription_items", "Subscriptions: Read")
                    .with("subscription={parent}")
                    .within("subscription", "subscription", "items")
                    .build(),
            table("subscription_schedule", "/v1/subscription_schedules", "Subscriptions: Read")
                    .events("subscription_schedule")
                    .withoutInList(TableSpec.OF_TEST_CLOCKS)
                    .build());

    private BillingTables() {}
}

package io.sequin.source.stripe;

import static io.sequin.source.stripe.TableSpec.table;

import java.time.Duration;
import java.util.List;

/** What every account has: money in and out, customers, products, files. */
final class CoreTables {
    static final List<TableSpec> TABLES = List.of(
            table("balance_transaction", "/v1/balance_transactions", "Balance transactions: Read")
                    .newRowsUntilFinal("pending")
                    .build(),
            table("charge", "/v1/charges", "Charges and Refunds: Read")
                    .events("charge")
                    .related("charge.dispute", "charge")
                    .related("charge.refund", "charge")
                    .build(),
            table("customer", "/v1/customers", "Customers: Read")
                    .events("customer")
                    .related("customer.discount", "customer")
                    .withoutInList(TableSpec.OF_TEST_CLOCKS)
                    .build(),
            table("dispute", "/v1/disputes", "Disputes: Read")
                    .events("charge.dispute")
                    .build(),
            table("file", "/v1/files", "Files: Read").events("file").build(),
            table("file_link", "/v1/file_links", "Files: Read")
                    .wholeList(Duration.ofHours(1))
                    .build(),
            table("payout", "/v1/payouts", "Payouts: Read").events("payout").build(),
            table("product", "/v1/products", "Products: Read").events("product").build(),
            table("refund", "/v1/refunds", "Charges and Refunds: Read")
                    .events("refund", "charge.refund")
                    .build(),
            table("shipping_rate", "/v1/shipping_rates", "Shipping Rates: Read")
                    .wholeList(Duration.ofHours(1))
                    .build(),
            table("test_helpers.test_clock", "/v1/test_helpers/test_clocks", "Test Clocks: Read")
                    .events("test_helpers.test_clock")
                    .build(),
            table("webhook_endpoint", "/v1/webhook_endpoints", "Webhook Endpoints: Read")
                    .wholeList(Duration.ofHours(1))
                    .build());

    private CoreTables() {}
}

package io.sequin.source.stripe;

import static io.sequin.source.stripe.TableSpec.table;

import java.time.Duration;
import java.util.List;

/** Usage-based billing, entitlements, the customer portal. */
final class UsageTables {
    static final List<TableSpec> TABLES = List.of(
            table("billing.alert", "/v1/billing/alerts", "Billing Meters: Read")
                    .wholeList(Duration.ofHours(1))
                    .build(),
            table(
                            "billing.credit_balance_transaction",
                            "/v1/billing/credit_balance_transactions",
                            "Billing Credits: Read")
                    .events("billing.credit_balance_transaction")
                    .build(),
            table("billing.credit_grant", "/v1/billing/credit_grants", "Billing Credits: Read")
                    .events("billing.credit_grant")
                    .build(),
            table("billing.meter", "/v1/billing/meters", "Billing Meters: Read")
                    .events("billing.meter")
                    .build(),
            table("billing_portal.configuration", "/v1/billing_portal/configurations", "Customer Portal: Read")
                    .events("billing_portal.configuration")
                    .build(),
            table("entitlements.feature", "/v1/entitlements/features", "Entitlements: Read")
                    .wholeList(Duration.ofHours(1))
                    .build());

    private UsageTables() {}
}

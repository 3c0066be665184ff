package io.sequin.source.stripe;

import static io.sequin.source.stripe.TableSpec.table;

import java.time.Duration;
import java.util.List;

/** Connected accounts and the money that goes to them. */
final class ConnectTables {
    static final List<TableSpec> TABLES = List.of(
            table("account", "/v1/accounts", "Accounts: Read")
                    .wholeList(Duration.ofHours(1))
                    .build(),
            table("application_fee", "/v1/application_fees", "Application Fees: Read")
                    .events("application_fee")
                    .related("application_fee.refund", "fee")
                    .build(),
            table("fee_refund", "/v1/application_fees/{parent}/refunds", "Application Fees: Read")
                    .within("application_fee", "fee", "refunds")
                    .build(),
            table("topup", "/v1/topups", "Top-ups: Read").events("topup").build(),
            table("transfer", "/v1/transfers", "Transfers: Read")
                    .events("transfer")
                    .build(),
            table("transfer_reversal", "/v1/transfers/{parent}/reversals", "Transfers: Read")
                    .within("transfer", "transfer", "reversals")
                    .build());

    private ConnectTables() {}
}

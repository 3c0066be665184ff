package io.sequin.source.stripe;

import static io.sequin.source.stripe.TableSpec.table;

import java.time.Duration;
import java.util.List;

/** Financial accounts, their movements, and bank accounts that customers linked. */
final class TreasuryTables {
    static final List<TableSpec> TABLES = List.of(
            table("financial_connections.account", "/v1/financial_connections/accounts", "Financial Connections: Read")
                    .events("financial_connections.account")
                    .build(),
            table(
                            "financial_connections.transaction",
                            "/v1/financial_connections/transactions",
                            "Financial Connections: Read")
                    .with("account={parent}")
                    .listedBy("financial_connections_account", "account")
                    .wholeList(Duration.ofHours(6))
                    .build(),
            table("treasury.financial_account", "/v1/treasury/financial_accounts", "Treasury: Read")
                    .events("treasury.financial_account")
                    .build(),
            table("treasury.credit_reversal", "/v1/treasury/credit_reversals", "Treasury: Read")
                    .with("financial_account={parent}")
                    .events("treasury.credit_reversal")
                    .listedBy("treasury_financial_account", "financial_account")
                    .build(),
            table("treasury.debit_reversal", "/v1/treasury/debit_reversals", "Treasury: Read")
                    .with("financial_account={parent}")
                    .events("treasury.debit_reversal")
                    .listedBy("treasury_financial_account", "financial_account")
                    .build(),
            table("treasury.inbound_transfer", "/v1/treasury/inbound_transfers", "Treasury: Read")
                    .with("financial_account={parent}")
                    .events("treasury.inbound_transfer")
                    .listedBy("treasury_financial_account", "financial_account")
                    .build(),
            table("treasury.outbound_payment", "/v1/treasury/outbound_payments", "Treasury: Read")
                    .with("financial_account={parent}")
                    .events("treasury.outbound_payment")
                    .listedBy("treasury_financial_account", "financial_account")
                    .build(),
            table("treasury.outbound_transfer", "/v1/treasury/outbound_transfers", "Treasury: Read")
                    .with("financial_account={parent}")
                    .events("treasury.outbound_transfer")
                    .listedBy("treasury_financial_account", "financial_account")
                    .build(),
            table("treasury.received_credit", "/v1/treasury/received_credits", "Treasury: Read")
                    .with("financial_account={parent}")
                    .events("treasury.received_credit")
                    .listedBy("treasury_financial_account", "financial_account")
                    .build(),
            table("treasury.received_debit", "/v1/treasury/received_debits", "Treasury: Read")
                    .with("financial_account={parent}")
                    .events("treasury.received_debit")
                    .listedBy("treasury_financial_account", "financial_account")
                    .build(),
            table("treasury.transaction", "/v1/treasury/transactions", "Treasury: Read")
                    .with("financial_account={parent}")
                    .wholeList(Duration.ofHours(6))
                    .listedBy("treasury_financial_account", "financial_account")
                    .build(),
            table("treasury.transaction_entry", "/v1/treasury/transaction_entries", "Treasury: Read")
                    .with("financial_account={parent}")
                    .wholeList(Duration.ofHours(6))
                    .listedBy("treasury_financial_account", "financial_account")
                    .build());

    private TreasuryTables() {}
}

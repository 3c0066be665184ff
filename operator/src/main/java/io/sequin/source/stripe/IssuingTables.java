package io.sequin.source.stripe;

import static io.sequin.source.stripe.TableSpec.table;

import java.time.Duration;
import java.util.List;

/** Cards that the account issues. */
final class IssuingTables {
    static final List<TableSpec> TABLES = List.of(
            table("issuing.authorization", "/v1/issuing/authorizations", "Issuing Authorizations: Read")
                    .events("issuing_authorization")
                    .build(),
            table("issuing.card", "/v1/issuing/cards", "Issuing Cards: Read")
                    .events("issuing_card")
                    .build(),
            table("issuing.cardholder", "/v1/issuing/cardholders", "Issuing Cardholders: Read")
                    .events("issuing_cardholder")
                    .build(),
            table("issuing.dispute", "/v1/issuing/disputes", "Issuing Disputes: Read")
                    .events("issuing_dispute")
                    .build(),
            table("issuing.personalization_design", "/v1/issuing/personalization_designs", "Issuing Cards: Read")
                    .events("issuing_personalization_design")
                    .wholeList(Duration.ofHours(1))
                    .build(),
            table("issuing.physical_bundle", "/v1/issuing/physical_bundles", "Issuing Cards: Read")
                    .wholeList(Duration.ofHours(6))
                    .build(),
            table("issuing.token", "/v1/issuing/tokens", "Issuing Tokens: Read")
                    .with("card={parent}")
                    .events("issuing_token")
                    .listedBy("issuing_card", "card")
                    .build(),
            table("issuing.transaction", "/v1/issuing/transactions", "Issuing Transactions: Read")
                    .events("issuing_transaction")
                    .build());

    private IssuingTables() {}
}

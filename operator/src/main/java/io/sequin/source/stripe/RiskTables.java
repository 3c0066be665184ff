package io.sequin.source.stripe;

import static io.sequin.source.stripe.TableSpec.table;

import java.time.Duration;
import java.util.List;

/** Fraud, reviews, identity checks. */
final class RiskTables {
    static final List<TableSpec> TABLES = List.of(
            table("identity.verification_report", "/v1/identity/verification_reports", "Identity: Read")
                    .newRows()
                    .build(),
            table("identity.verification_session", "/v1/identity/verification_sessions", "Identity: Read")
                    .events("identity.verification_session")
                    .build(),
            table("radar.early_fraud_warning", "/v1/radar/early_fraud_warnings", "Radar: Read")
                    .events("radar.early_fraud_warning")
                    .build(),
            table("radar.value_list", "/v1/radar/value_lists", "Radar: Read")
                    .wholeList(Duration.ofHours(1))
                    .build(),
            table("radar.value_list_item", "/v1/radar/value_list_items", "Radar: Read")
                    .with("value_list={parent}")
                    .within("radar_value_list", "value_list", "list_items")
                    .build(),
            table("review", "/v1/reviews", "Reviews: Read")
                    .events("review")
                    .withoutInList("closed reviews")
                    .build());

    private RiskTables() {}
}

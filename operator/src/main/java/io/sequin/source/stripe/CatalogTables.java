package io.sequin.source.stripe;

import static io.sequin.source.stripe.TableSpec.table;

import java.time.Duration;
import java.util.List;

/** What is sold, for how much, with which discount and tax. */
final class CatalogTables {
    static final List<TableSpec> TABLES = List.of(
            table("coupon", "/v1/coupons", "Coupons: Read").events("coupon").build(),
            table("plan", "/v1/plans", "Plans: Read").events("plan").build(),
            table("price", "/v1/prices", "Prices: Read")
                    .thenWith("active=false")
                    .events("price")
                    .withoutInList("prices that were made within something else (`price_data`)")
                    .build(),
            table("promotion_code", "/v1/promotion_codes", "Promotion Codes: Read")
                    .events("promotion_code")
                    .build(),
            table("quote", "/v1/quotes", "Quotes: Read")
                    .events("quote")
                    .withoutInList(TableSpec.OF_TEST_CLOCKS)
                    .wholeList(Duration.ofHours(6))
                    .build(),
            table("item", "/v1/quotes/{parent}/line_items", "Quotes: Read")
                    .named("quote_line_item")
                    .under("quote", "quote")
                    .build(),
            table("tax.registration", "/v1/tax/registrations", "Tax Settings and Registrations: Read")
                    .with("status=all")
                    .wholeList(Duration.ofHours(1))
                    .build(),
            table("tax_id", "/v1/tax_ids", "Tax IDs: Read")
                    .wholeList(Duration.ofHours(1))
                    .build(),
            table("tax_rate", "/v1/tax_rates", "Tax Rates: Read")
                    .events("tax_rate")
                    .build());

    private CatalogTables() {}
}

package io.sequin.source.stripe;

import static io.sequin.source.stripe.Fields.bool;
import static io.sequin.source.stripe.Fields.json;
import static io.sequin.source.stripe.Fields.reference;
import static io.sequin.source.stripe.Fields.text;
import static io.sequin.source.stripe.Fields.time;

import io.sequin.data.Column;
import java.util.List;

/** A product; its id may be chosen by who creates it, so a deleted one can come back. */
final class ProductTable {
    static final List<Column> COLUMNS = List.of(
            text("id"),
            bool("active"),
            time("created"),
            reference("default_price"),
            text("description"),
            json("images"),
            bool("livemode"),
            json("marketing_features"),
            json("metadata"),
            text("name"),
            text("object"),
            json("package_dimensions"),
            bool("shippable"),
            text("statement_descriptor"),
            reference("tax_code"),
            text("unit_label"),
            time("updated"),
            text("url"));

    private ProductTable() {}
}

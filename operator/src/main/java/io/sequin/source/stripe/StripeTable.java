package io.sequin.source.stripe;

import io.sequin.data.Catalog;
import io.sequin.data.TableShape;
import java.util.List;
import java.util.Optional;

/**
 * A table: all that Stripe documents about an object, by version {@link StripeApi#VERSION}. A test compares the columns
 * with the OpenAPI description that Stripe publishes.
 *
 * @param shape named as Stripe names the object in its field {@code object}
 * @param permission what to allow a restricted key, as Stripe's dashboard words it
 * @param eventTypes the events that carry such an object as {@code data.object}
 * @param relatedTypes the events of another object that change this one without an event of its own; that object names
 *     this one in the field of its name, such as {@code charge} in a dispute
 */
record StripeTable(TableShape shape, String permission, List<String> eventTypes, List<String> relatedTypes) {
    static final StripeTable CUSTOMER = new StripeTable(
            new TableShape("customer", CustomerTable.COLUMNS, List.of("id")),
            "Customers: Read",
            List.of("customer.created", "customer.updated", "customer.deleted"),
            List.of("customer.discount.created", "customer.discount.updated", "customer.discount.deleted"));

    static final StripeTable PRODUCT = new StripeTable(
            new TableShape("product", ProductTable.COLUMNS, List.of("id")),
            "Products: Read",
            List.of("product.created", "product.updated", "product.deleted"),
            List.of());

    static final StripeTable CHARGE = new StripeTable(
            new TableShape("charge", ChargeTable.COLUMNS, List.of("id")),
            "Charges and Refunds: Read",
            List.of(
                    "charge.succeeded",
                    "charge.pending",
                    "charge.failed",
                    "charge.captured",
                    "charge.expired",
                    "charge.refunded",
                    "charge.updated"),
            List.of("charge.dispute.created", "charge.dispute.closed", "charge.refund.updated"));

    static final List<StripeTable> ALL = List.of(CUSTOMER, PRODUCT, CHARGE);

    /** What Stripe calls the object, and the table's name. */
    String object() {
        return shape.name();
    }

    /** The path of its list. */
    String path() {
        return "/v1/" + object() + "s";
    }

    static Optional<StripeTable> named(String object) {
        return ALL.stream().filter(t -> t.object().equals(object)).findFirst();
    }

    /** The table that has a row which this type of event is about. */
    static Optional<StripeTable> ofEvent(String type) {
        return ALL.stream()
                .filter(t -> t.eventTypes.contains(type) || t.relatedTypes.contains(type))
                .findFirst();
    }

    static Catalog catalog() {
        return new Catalog(ALL.stream().map(StripeTable::shape).toList());
    }

    @Override
    public String toString() {
        return object();
    }
}

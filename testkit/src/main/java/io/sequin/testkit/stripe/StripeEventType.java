package io.sequin.testkit.stripe;

/** The events that the fake emits; all of them are in Stripe's list of event types. */
public enum StripeEventType {
    /** A customer was created. */
    CUSTOMER_CREATED("customer.created"),
    /** A property of a customer changed. */
    CUSTOMER_UPDATED("customer.updated"),
    /** A customer was deleted. */
    CUSTOMER_DELETED("customer.deleted"),
    /** A product was created. */
    PRODUCT_CREATED("product.created"),
    /** A product changed. */
    PRODUCT_UPDATED("product.updated"),
    /** A product was deleted. */
    PRODUCT_DELETED("product.deleted"),
    /** A charge succeeded, captured or not. */
    CHARGE_SUCCEEDED("charge.succeeded"),
    /** A charge was tried and failed. */
    CHARGE_FAILED("charge.failed"),
    /** A charge waits for the bank. */
    CHARGE_PENDING("charge.pending"),
    /** An uncaptured charge was captured. */
    CHARGE_CAPTURED("charge.captured"),
    /** An uncaptured charge expired. */
    CHARGE_EXPIRED("charge.expired"),
    /** A charge was refunded, fully or in part. */
    CHARGE_REFUNDED("charge.refunded"),
    /** Description or metadata of a charge changed. */
    CHARGE_UPDATED("charge.updated");

    private final String wireName;

    StripeEventType(String wireName) {
        this.wireName = wireName;
    }

    /** The value of the event's field {@code type}. */
    public String wireName() {
        return wireName;
    }

    static StripeEventType updated(StripeObjectType type) {
        return switch (type) {
            case CUSTOMER -> CUSTOMER_UPDATED;
            case PRODUCT -> PRODUCT_UPDATED;
            case CHARGE -> CHARGE_UPDATED;
        };
    }

    static StripeEventType deleted(StripeObjectType type) {
        return switch (type) {
            case CUSTOMER -> CUSTOMER_DELETED;
            case PRODUCT -> PRODUCT_DELETED;
            case CHARGE -> throw new IllegalArgumentException("Stripe has no way to delete a charge");
        };
    }

    /** The event of an object's beginning; {@code chargeStatus} matters for charges only. */
    static StripeEventType created(StripeObjectType type, String chargeStatus) {
        return switch (type) {
            case CUSTOMER -> CUSTOMER_CREATED;
            case PRODUCT -> PRODUCT_CREATED;
            case CHARGE ->
                switch (chargeStatus) {
                    case "succeeded" -> CHARGE_SUCCEEDED;
                    case "failed" -> CHARGE_FAILED;
                    case "pending" -> CHARGE_PENDING;
                    default -> throw new IllegalArgumentException("not a charge's status: " + chargeStatus);
                };
        };
    }
}

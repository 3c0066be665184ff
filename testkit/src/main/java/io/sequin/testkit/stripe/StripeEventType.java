package io.sequin.testkit.stripe;

/**
 * The type of an event, one of those in {@link StripeOpenApi#eventTypes()}.
 *
 * @param wireName the value of the event's field {@code type}
 */
public record StripeEventType(String wireName) {
    /** A customer was created. */
    public static final StripeEventType CUSTOMER_CREATED = new StripeEventType("customer.created");
    /** A property of a customer changed. */
    public static final StripeEventType CUSTOMER_UPDATED = new StripeEventType("customer.updated");
    /** A customer was deleted. */
    public static final StripeEventType CUSTOMER_DELETED = new StripeEventType("customer.deleted");
    /** A product was created. */
    public static final StripeEventType PRODUCT_CREATED = new StripeEventType("product.created");
    /** A product changed. */
    public static final StripeEventType PRODUCT_UPDATED = new StripeEventType("product.updated");
    /** A product was deleted. */
    public static final StripeEventType PRODUCT_DELETED = new StripeEventType("product.deleted");
    /** A charge succeeded, captured or not. */
    public static final StripeEventType CHARGE_SUCCEEDED = new StripeEventType("charge.succeeded");
    /** A charge was tried and failed. */
    public static final StripeEventType CHARGE_FAILED = new StripeEventType("charge.failed");
    /** A charge waits for the bank. */
    public static final StripeEventType CHARGE_PENDING = new StripeEventType("charge.pending");
    /** An uncaptured charge was captured. */
    public static final StripeEventType CHARGE_CAPTURED = new StripeEventType("charge.captured");
    /** An uncaptured charge expired. */
    public static final StripeEventType CHARGE_EXPIRED = new StripeEventType("charge.expired");
    /** A charge was refunded, fully or in part. */
    public static final StripeEventType CHARGE_REFUNDED = new StripeEventType("charge.refunded");
    /** Description or metadata of a charge changed. */
    public static final StripeEventType CHARGE_UPDATED = new StripeEventType("charge.updated");

    /** What happened, the last part of the name: {@code created} of {@code customer.created}. */
    String happening() {
        return wireName.substring(wireName.lastIndexOf('.') + 1);
    }

    /** To what it happened, the rest of the name: {@code customer.subscription} of {@code customer.subscription.updated}. */
    String subject() {
        return wireName.substring(0, wireName.lastIndexOf('.'));
    }
}

package io.sequin.testkit.stripe;

/** What a restricted key may be allowed to do, by the names that Stripe's error messages use. */
public enum StripePermission {
    /** Read customers. */
    CUSTOMER_READ("rak_customer_read"),
    /** Read products. */
    PRODUCT_READ("rak_product_read"),
    /** Read charges. */
    CHARGE_READ("rak_charge_read"),
    /** Read events. */
    EVENT_READ("rak_event_read"),
    /** Read {@code /v1/account}; real restricted keys often lack it. */
    ACCOUNT_READ("rak_accounts_kyc_basic_read");

    private final String wireName;

    StripePermission(String wireName) {
        this.wireName = wireName;
    }

    /** The name in error messages. */
    public String wireName() {
        return wireName;
    }
}

package io.sequin.testkit.stripe;

import java.util.Collection;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a restricted key may be allowed to do.
 *
 * @param wireName the name that Stripe's error messages use, for example {@code rak_charge_read}
 */
public record StripePermission(String wireName) {
    /** Read customers. */
    public static final StripePermission CUSTOMER_READ = new StripePermission("rak_customer_read");
    /** Read products. */
    public static final StripePermission PRODUCT_READ = new StripePermission("rak_product_read");
    /** Read charges. */
    public static final StripePermission CHARGE_READ = new StripePermission("rak_charge_read");
    /** Read events. */
    public static final StripePermission EVENT_READ = new StripePermission("rak_event_read");
    /** Read {@code /v1/account}; real restricted keys often lack it. */
    public static final StripePermission ACCOUNT_READ = new StripePermission("rak_accounts_kyc_basic_read");

    /** Reading objects of a kind. Stripe publishes no list of the names: they follow those that its messages are known to show. */
    static StripePermission toRead(String wireName) {
        return new StripePermission("rak_" + wireName.replace('.', '_') + "_read");
    }

    /** Every permission that any path of the fake asks for. */
    public static Set<StripePermission> all() {
        Set<StripePermission> all = StripeObjectType.all().stream()
                .map(StripeObjectType::permission)
                .collect(Collectors.toSet());
        all.add(EVENT_READ);
        all.add(ACCOUNT_READ);
        return Set.copyOf(all);
    }

    /** Every permission but these. */
    public static Set<StripePermission> allBut(StripePermission... missing) {
        Collection<StripePermission> without = Set.of(missing);
        return all().stream().filter(p -> !without.contains(p)).collect(Collectors.toUnmodifiableSet());
    }
}

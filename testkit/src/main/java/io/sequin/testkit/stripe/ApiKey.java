package io.sequin.testkit.stripe;

import java.util.Set;

/**
 * A key that the fake accepts.
 *
 * @param secret starts with sk_test_, sk_live_, rk_test_ or rk_live_
 * @param account id of its account, acct_…
 * @param permissions what it may read; secret keys have all
 */
public record ApiKey(String secret, String account, Set<StripePermission> permissions) {

    /** Checks the prefix and copies the permissions. */
    public ApiKey {
        if (!secret.matches("[sr]k_(test|live)_\\w{4,}")) {
            throw new IllegalArgumentException("a Stripe key starts with sk_test_, sk_live_, rk_test_ or rk_live_");
        }
        permissions = Set.copyOf(permissions);
    }

    /** A secret key: everything is allowed. */
    public static ApiKey secret(String secret, String account) {
        return new ApiKey(secret, account, StripePermission.all());
    }

    /** A restricted key (rk_…) that may do what is named and nothing else. */
    public static ApiKey restricted(String secret, String account, Set<StripePermission> permissions) {
        return new ApiKey(secret, account, permissions);
    }

    /** Whether it reads live data; by its prefix. */
    public boolean livemode() {
        return secret.startsWith("_live_", 2);
    }

    /** The key as Stripe's messages show it. */
    String masked() {
        return mask(secret);
    }

    static String mask(String secret) {
        int shown = secret.matches("[sr]k_(test|live)_.*") ? 8 : 0;
        int tail = Math.max(shown, secret.length() - 4);
        return secret.substring(0, shown) + "*".repeat(tail - shown) + secret.substring(tail);
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "ApiKey[" + masked() + " of " + account + "]";
    }
}

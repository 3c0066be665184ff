package io.sequin.e2e;

import io.sequin.testkit.stripe.StripeObjectType;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** The tables that are filled while an operator is killed, parents before their children. */
enum Filled {
    CUSTOMER("/v1/customers"),
    PRODUCT("/v1/products"),
    CHARGE("/v1/charges"),
    INVOICE("/v1/invoices"),
    INVOICE_LINE_ITEM("/v1/invoices/{invoice}/lines"),
    SUBSCRIPTION("/v1/subscriptions"),
    SUBSCRIPTION_ITEM("/v1/subscription_items");

    private final String path;

    /** @param path of the list */
    Filled(String path) {
        this.path = path;
    }

    /** The source's objects. */
    StripeObjectType type() {
        return StripeObjectType.at(path);
    }

    /** The table's name. */
    String table() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** All names, each between these quotes, with a comma between them. */
    static String tables(String quote) {
        return Arrays.stream(values())
                .map(filled -> quote + filled.table() + quote)
                .collect(Collectors.joining(", "));
    }

    static Set<StripeObjectType> types() {
        return Arrays.stream(values()).map(Filled::type).collect(Collectors.toCollection(LinkedHashSet::new));
    }
}

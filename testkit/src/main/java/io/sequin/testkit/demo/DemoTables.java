package io.sequin.testkit.demo;

import io.sequin.testkit.stripe.StripeData;
import io.sequin.testkit.stripe.StripeObjectType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What the demo's account holds, and in which table each kind of object is to be found. */
final class DemoTables {
    /** Kinds of which a real account has many; the shares of all objects, in percent. */
    private static final Map<String, Integer> SHARES = Map.of(
            "charge", 34,
            "customer", 22,
            "payment_intent", 14,
            "balance_transaction", 12,
            "invoice", 6,
            "invoiceitem", 3,
            "subscription", 3,
            "product", 1);

    /** Tables that there must be. */
    static final Set<String> LARGE = Set.of("charge", "customer", "payment_intent", "balance_transaction", "invoice");

    /** Kinds whose changes Stripe tells at once; others are looked for each minute or hour. */
    private static final List<String> TOLD = List.of("customer", "product", "charge", "price", "coupon");

    private static final int CHANGES = 5;

    /** Of each other kind. */
    private static final int FEW = 12;

    /** Where the object's own name would say too little. */
    private static final Map<String, String> NAMED = Map.of(
            "/v1/invoices/{invoice}/lines", "invoice_line_item",
            "/v1/quotes/{quote}/line_items", "quote_line_item",
            "/v1/checkout/sessions/{session}/line_items", "checkout_session_line_item",
            "/v1/payment_links/{payment_link}/line_items", "payment_link_line_item",
            "/v1/invoiceitems", "invoice_item");

    private DemoTables() {}

    /** Fills the account with about so many objects; children come on top. */
    static void seed(StripeData data, int objects) {
        Map<StripeObjectType, Integer> counts = new LinkedHashMap<>();
        int few = Math.min(FEW, Math.max(1, objects / 100));
        for (StripeObjectType type : StripeObjectType.all()) {
            if (type.parentType().isEmpty()) {
                Integer share = SHARES.get(type.wireName());
                counts.put(type, share == null ? few : Math.max(1, objects / 100 * share));
            }
        }
        data.seed(7, counts);
    }

    /** How many objects there are now, by table; some of these kinds have none: docs/stripe.md says why. */
    static Map<String, Long> totals(StripeData data) {
        Map<String, Long> totals = new TreeMap<>();
        for (StripeObjectType type : data.typesInUse()) {
            // the same kind of object can be one's own or a customer's: only the first has a table
            if (type.parentType().isEmpty() || NAMED.containsKey(type.path())) {
                totals.put(tableOf(type), (long) data.count(type));
            }
        }
        return totals;
    }

    /** Changes some objects; gives what happened, in Stripe's words. */
    static String change(StripeData data, Random random) {
        Set<StripeObjectType> types = TOLD.stream().map(StripeObjectType::of).collect(Collectors.toSet());
        return data.churn(random, CHANGES, types).entrySet().stream()
                .map(change -> change.getValue() + " " + change.getKey().wireName())
                .sorted()
                .collect(Collectors.joining(", "));
    }

    private static String tableOf(StripeObjectType type) {
        return NAMED.getOrDefault(type.path(), type.wireName().replace('.', '_'));
    }
}

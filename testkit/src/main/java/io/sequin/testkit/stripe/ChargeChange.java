package io.sequin.testkit.stripe;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.Consumer;

/**
 * A step in the life of a charge.
 *
 * @param event what Stripe says about it
 * @param edit what it does; throws IllegalStateException where the charge is not in the state for it
 */
public record ChargeChange(StripeEventType event, Consumer<ObjectNode> edit) {

    /** Gives back {@code amount} minor units of a captured charge. */
    public static ChargeChange refund(long amount) {
        return new ChargeChange(StripeEventType.CHARGE_REFUNDED, charge -> {
            long refunded = charge.path("amount_refunded").longValue() + amount;
            require(amount > 0
                    && charge.path("captured").booleanValue()
                    && refunded <= charge.path("amount_captured").longValue());
            charge.put("amount_refunded", refunded);
            charge.put("refunded", refunded == charge.path("amount").longValue());
        });
    }

    /** Captures a charge that was only authorized. */
    public static ChargeChange capture() {
        return new ChargeChange(StripeEventType.CHARGE_CAPTURED, charge -> {
            requireAuthorized(charge);
            charge.put("captured", true);
            charge.set("amount_captured", charge.get("amount"));
            charge.put("balance_transaction", charge.path("id").textValue().replace("ch_", "txn_"));
        });
    }

    /** Lets an authorization expire: the amount goes back. */
    public static ChargeChange expire() {
        return new ChargeChange(StripeEventType.CHARGE_EXPIRED, charge -> {
            requireAuthorized(charge);
            charge.set("amount_refunded", charge.get("amount"));
            charge.put("refunded", true);
        });
    }

    /** The bank pays a pending charge. */
    public static ChargeChange succeed() {
        return new ChargeChange(StripeEventType.CHARGE_SUCCEEDED, charge -> {
            require("pending".equals(charge.path("status").textValue()));
            charge.put("status", "succeeded");
            charge.put("paid", true);
            charge.put("balance_transaction", charge.path("id").textValue().replace("ch_", "txn_"));
        });
    }

    /** The bank refuses a pending charge. */
    public static ChargeChange fail() {
        return new ChargeChange(StripeEventType.CHARGE_FAILED, charge -> {
            require("pending".equals(charge.path("status").textValue()));
            charge.put("status", "failed");
            charge.put("failure_code", "payment_method_customer_decline");
            charge.put("failure_message", "The bank refused the debit.");
        });
    }

    static boolean isAuthorized(ObjectNode charge) {
        return "succeeded".equals(charge.path("status").textValue())
                && !charge.path("captured").booleanValue()
                && !charge.path("refunded").booleanValue();
    }

    private static void requireAuthorized(ObjectNode charge) {
        require(isAuthorized(charge));
    }

    private static void require(boolean possible) {
        if (!possible) {
            throw new IllegalStateException("the charge is not in a state for this");
        }
    }
}

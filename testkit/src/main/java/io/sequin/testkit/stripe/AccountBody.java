package io.sequin.testkit.stripe;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** The answer of {@code GET /v1/account}. It has no livemode: the account is the same for its test and live keys. */
final class AccountBody {
    private AccountBody() {}

    static Body of(String id) {
        ObjectNode account = JsonBytes.object();
        account.put("id", id);
        account.put("object", "account");
        account.putObject("business_profile").put("name", "Sequin Test Shop").putNull("url");
        account.put("business_type", "company");
        account.put("charges_enabled", true);
        account.put("country", "US");
        account.put("created", 1_577_836_800);
        account.put("default_currency", "usd");
        account.put("details_submitted", true);
        account.put("email", "owner@example.com");
        account.putObject("metadata");
        account.put("payouts_enabled", true);
        account.put("type", "standard");
        return JsonBytes.of(account);
    }
}

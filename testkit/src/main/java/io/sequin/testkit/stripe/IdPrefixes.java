package io.sequin.testkit.stripe;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How ids start, from the sample resources that Stripe publishes beside the OpenAPI document. */
final class IdPrefixes {
    /** {@code sub_sched_1Pgc7A…}: words of small letters, then what is random. */
    private static final Pattern SAMPLE = Pattern.compile("((?:[a-z]+_)+)[0-9A-Za-z]{8,}");
    /** The samples of these have a placeholder or the name of a real thing. */
    private static final Map<String, String> WITHOUT_SAMPLE = Map.ofEntries(
            Map.entry("billing.alert", "alrt_"),
            Map.entry("billing.credit_balance_transaction", "cbtxn_"),
            Map.entry("billing.credit_grant", "credgr_"),
            Map.entry("billing.meter", "mtr_"),
            Map.entry("climate.product", "climsku_"),
            Map.entry("climate.supplier", "climsup_"),
            Map.entry("invoice_payment", "inpay_"),
            Map.entry("invoice_rendering_template", "inrtem_"),
            Map.entry("line_item", "il_"),
            Map.entry("payment_attempt_record", "par_"),
            Map.entry("payment_record", "pr_"),
            Map.entry("plan", "plan_"),
            Map.entry("product_feature", "prodft_"));

    private final JsonNode samples;

    IdPrefixes(StripeOpenApi api) {
        this.samples = api.sampleResources();
    }

    /** Words of a schema that has no sample either. */
    String of(String schema) {
        String known = WITHOUT_SAMPLE.get(schema);
        if (known != null) {
            return known;
        }
        Matcher sample = SAMPLE.matcher(samples.path(schema).path("id").asText());
        return sample.matches() ? sample.group(1) : schema.replace('.', '_') + "_";
    }
}

package io.sequin.testkit.stripe;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.stripe.StripeClient;
import com.stripe.model.StripeObject;
import com.stripe.service.V1Services;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Stripe's own client, pointed at the fake. */
final class StripeJava {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Newer than the client, whose API version is a month behind the fake's. */
    private static final Set<String> UNKNOWN_TO_CLIENT =
            Set.of("feedback_option", "radar_options", "transaction_link_id");

    private StripeJava() {}

    static V1Services of(FakeStripe stripe) {
        return of(stripe, FakeStripe.TEST_KEY);
    }

    static V1Services of(FakeStripe stripe, String key) {
        return StripeClient.builder()
                .setApiKey(key)
                .setApiBase(stripe.baseUri().toString())
                .setMaxNetworkRetries(0)
                .setReadTimeout(60_000)
                .build()
                .v1();
    }

    static <T> List<T> all(Iterable<T> pages) {
        List<T> all = new ArrayList<>();
        pages.forEach(all::add);
        return all;
    }

    /** Every value of {@code truth} is in the client's typed object. */
    static void assertHolds(StripeObject object, @Nullable JsonNode truth) {
        try {
            assertHolds("", JSON.readTree(object.toJson()), Objects.requireNonNull(truth, "no such object"));
        } catch (JsonProcessingException e) {
            throw new AssertionError("the client makes no JSON", e);
        }
    }

    private static void assertHolds(String path, JsonNode held, JsonNode truth) {
        if (truth.isNull()) {
            assertThat(held.isNull() || held.isMissingNode()).as(path).isTrue();
        } else if (truth.isObject()) {
            for (var field : truth.properties()) {
                if (!UNKNOWN_TO_CLIENT.contains(field.getKey())) {
                    JsonNode value = held.path(field.getKey());
                    assertHolds(path + "/" + field.getKey(), value, field.getValue());
                }
            }
        } else if (truth.isArray()) {
            assertThat(held.size()).as(path).isEqualTo(truth.size());
            for (int i = 0; i < truth.size(); i++) {
                assertHolds(path + "/" + i, held.path(i), truth.get(i));
            }
        } else if (truth.isNumber() || (truth.isTextual() && held.isNumber())) {
            // decimals travel as texts
            assertThat(held.decimalValue()).as(path).isEqualByComparingTo(new BigDecimal(truth.asText()));
        } else {
            assertThat(held).as(path).isNotInstanceOf(MissingNode.class).isEqualTo(truth);
        }
    }
}

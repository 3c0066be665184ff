package io.sequin.source.stripe;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sequin.credentials.SecretValue;
import io.sequin.source.SourceException;
import io.sequin.source.SourceProblem;
import io.sequin.source.http.Answer;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** From Stripe's wording, as people have reported it, to what the user is told. */
class StripeFailureTest {
    private static SourceException of(int status, String code, String message) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.putObject("error").put("code", code).put("message", message).put("type", "invalid_request_error");
        Reply reply = new Reply(
                "/v1/charges",
                new Answer(
                        status,
                        HttpHeaders.of(Map.of(), (name, value) -> true),
                        body.toString().getBytes(StandardCharsets.UTF_8)),
                SecretValue.of("rk_live_canary"),
                Instant.EPOCH);
        SourceException e = StripeFailure.of(reply, "Charges and Refunds: Read", StripeTables.get("charge"));
        assertThat(e.getMessage()).doesNotContain("canary", "***", "tdxQ");
        return e;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    The provided key 'rk_live_*****tdxQ' does not have the required permissions for this endpoint on account 'acct_1'. Having the 'rak_charge_read' permission would allow this request to continue. | rak_charge_read
                    Permission denied. The provided key 'rk_live_...tdxQ' does not have the required permissions for this endpoint on account 'acct_1'. Enabling "Charges Read" ('charge_read') permissions on this key would allow this request to continue. | charge_read
                    """)
    void aMissingRightIsNamedInTheDashboardsWordsAndInStripes(String message, String right) {
        SourceException e = of(403, "", message);

        assertThat(e.problem().code()).isEqualTo(SourceProblem.PERMISSION_DENIED);
        assertThat(e.problem().message())
                .contains("\"Charges and Refunds: Read\"")
                .endsWith("(Stripe names it " + right + ")");
        assertThat(e.table()).contains("charge");
    }

    @Test
    void anAddressThatTheKeyDoesNotAllowIsNoMissingRight() {
        assertThat(of(403, "", "The API key provided does not allow requests from your IP address.")
                        .problem()
                        .message())
                .contains("add the address");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    ''                       | Invalid API Key provided: rk_live_****tdxQ | does not accept
                    api_key_expired          | Expired API Key provided: rk_live_****tdxQ | has expired
                    platform_api_key_expired | The key rk_live_canary is old              | has expired
                    ''                       | This API key rk_live_canary was revoked    | was revoked
                    """)
    void aRefusedKeyIsToldInOurWordsOnly(String code, String message, String told) {
        SourceException e = of(401, code, message);

        assertThat(e.problem().code()).isEqualTo(SourceProblem.AUTHENTICATION_FAILED);
        assertThat(e.problem().message()).contains(told).doesNotContain("rk_live");
        assertThat(e.table()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "400, UNEXPECTED_ANSWER",
        "404, UNEXPECTED_ANSWER",
        "302, UNEXPECTED_ANSWER",
        "409, UNAVAILABLE",
        "429, RATE_LIMITED",
        "500, UNAVAILABLE",
        "503, UNAVAILABLE"
    })
    void theStatusDecides(int status, SourceProblem expected) {
        assertThat(of(status, "", "words with rk_live_canary").problem().code()).isEqualTo(expected);
    }
}

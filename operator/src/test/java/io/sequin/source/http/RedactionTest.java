package io.sequin.source.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.credentials.SecretValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What may be told of a server's words. */
class RedactionTest {
    private static final SecretValue KEY = SecretValue.of("odd-key-without-prefix");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "The provided key 'rk_test_*****secret' does not have the required permissions",
                "The provided key 'rk_live_secret' does not have the required permissions",
                "The provided key 'rk_live_...secret' does not",
                "Invalid API Key provided: sk_test_****************secret",
                "Invalid API Key provided: foo****secret",
                "Invalid API Key provided: odd-key-without-prefix",
                "Bearer abcsecret is refused",
                "signing with whsec_abcsecret failed",
            })
    void noCredentialIsLeftNotEvenAMaskedOne(String words) {
        assertThat(Redaction.redact(words, KEY))
                .doesNotContain("secret", "odd-key", "*")
                .contains("…");
    }

    @Test
    void otherWordsStay() {
        assertThat(Redaction.redact("No such customer: 'cus_1'; having the 'rak_charge_read' permission", KEY))
                .isEqualTo("No such customer: 'cus_1'; having the 'rak_charge_read' permission");
    }

    @Test
    void itIsOneBoundedLine() {
        assertThat(Redaction.redact("a\r\n\u0007b " + "x".repeat(5_000), KEY))
                .startsWith("a b xxx")
                .hasSizeLessThan(500);
    }
}

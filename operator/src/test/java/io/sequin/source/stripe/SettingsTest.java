package io.sequin.source.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sequin.source.SourceException;
import io.sequin.source.SourceProblem;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code spec.source.stripe} says beside the key. */
class SettingsTest {
    @Test
    void bothMayBeLeftOut() {
        assertThat(StripeSettings.of("{}")).isEqualTo(new StripeSettings(Optional.empty(), OptionalLong.empty()));
    }

    @Test
    void aDateBeginsAtMidnightUtc() {
        assertThat(StripeSettings.of("{\"account\":\"acct_1\",\"startDate\":\"2020-01-01\"}"))
                .isEqualTo(new StripeSettings(Optional.of("acct_1"), OptionalLong.of(1_577_836_800L)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"startDate\":\"2020-13-01\"}|source.stripe.startDate",
                "{\"startDate\":\"yesterday\"}|source.stripe.startDate",
                "{\"account\":\"cus_1\"}|source.stripe.account",
                "{|source.stripe"
            })
    void whatMakesNoSenseIsSaidByItsField(String json, String field) {
        SourceException e = catchThrowableOfType(SourceException.class, () -> StripeSettings.of(json));
        assertThat(e.problem().code()).isEqualTo(SourceProblem.INVALID_CONFIGURATION);
        assertThat(e.problem().message()).contains(field);
    }
}

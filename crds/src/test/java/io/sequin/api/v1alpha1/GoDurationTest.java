package io.sequin.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GoDurationTest {
    @ParameterizedTest
    @CsvSource({
        "30s, PT30S",
        "5m, PT5M",
        "72h, PT72H",
        "1h30m, PT1H30M",
        "1.5h, PT1H30M",
        "1500ms, PT1.5S",
        "0.001ms, PT0.000001S",
        "999999h999999h, PT1999998H"
    })
    void readsWhatTheCrdAccepts(String text, Duration expected) {
        assertThat(GoDuration.parse(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "30", "s", "-30s", "30 s", "30S", "1d", "1.s", "1.2345s", "1000000h", "30s "})
    void refusesTheRest(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> GoDuration.parse(text));
    }

    @Test
    void theMessageShowsTheForm() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GoDuration.parse("soon"))
                .withMessage("not a duration such as 30s, 5m or 1h30m: soon");
    }
}

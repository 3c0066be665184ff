package io.sequin.operator.kube;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class VersionsTest {
    @Test
    void versionsAreComparedAsNumbers() {
        assertThat(Versions.isLater("1000", "999")).isTrue();
        assertThat(Versions.isLater("999", "1000")).isFalse();
        assertThat(Versions.isLater("12", "11")).isTrue();
        assertThat(Versions.isLater("12", "12")).isFalse();
        assertThat(Versions.isLater("18446744073709551617", "18446744073709551616"))
                .isTrue();
    }

    @Test
    void aVersionThatIsNoNumberIsLaterThanNone() {
        assertThat(Versions.isLater("abc", "1")).isFalse();
        assertThat(Versions.isLater("2", "abc")).isFalse();
        assertThat(Versions.isLater(null, "1")).isFalse();
        assertThat(Versions.isLater("2", "")).isFalse();
    }
}

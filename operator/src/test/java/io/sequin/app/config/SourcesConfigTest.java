package io.sequin.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SourcesConfigTest {
    @Test
    void withoutAWordTheByteBudgetIs48MiBOrWhatASmallHeapCanBear() {
        assertThat(SourcesConfig.usualBudget(1L << 30)).isEqualTo(48L << 20);
        assertThat(SourcesConfig.usualBudget(100_000_000)).isEqualTo(40_000_000);
        assertThat(SourcesConfig.usualBudget(1_000)).isEqualTo(1 << 20);
    }
}

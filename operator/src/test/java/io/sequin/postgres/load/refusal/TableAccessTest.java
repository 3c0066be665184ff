package io.sequin.postgres.load.refusal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TableAccessTest {
    /** As we make it. */
    private static final TableAccess SOUND = new TableAccess(
            "\"s\".\"t\"",
            "u",
            "u",
            true,
            List.of(),
            false,
            List.of(),
            List.of(),
            true,
            "\"t_pkey\"",
            "d",
            List.of("\"a\"", "\"b\""));

    @ParameterizedTest
    @ValueSource(strings = {"42501", "42P10", "55000", "0A000", "42804"})
    void aTableAsItShouldBeExplainsNothing(String state) {
        assertThat(SOUND.explain(state)).isEmpty();
        assertThat(SOUND.security()).isEmpty();
    }

    @Test
    void aKeyOfSeveralColumnsIsNamedWhole() {
        TableAccess unkeyed = new TableAccess(
                SOUND.table(), "u", "u", true, List.of(), false, List.of(), List.of(), false, null, "d", SOUND.keys());
        assertThat(unkeyed.explain("42P10").orElseThrow().message())
                .contains("alter table \"s\".\"t\" add primary key (\"a\", \"b\");");
    }
}

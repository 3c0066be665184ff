package io.sequin.operator.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.data.Instruction;
import io.sequin.data.Problem;
import io.sequin.postgres.PostgresProblem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CuresTest {
    private static final Instruction GRANT = new Instruction("Let it", "owner", "grant create on database a to b;");

    @Test
    void aMessageOfWhatSqlCuresSaysWhereTheSqlIs() {
        assertThat(Cures.named(Problem.of(PostgresProblem.MISSING_GRANTS, "It may not", GRANT), "Sync"))
                .isEqualTo(Problem.of(
                        PostgresProblem.MISSING_GRANTS,
                        "It may not. status.instructions of the Sync has the SQL that cures it.",
                        GRANT));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Run the SQL of status.instructions", "Run grant create on database a to b; now"})
    void aMessageThatSaysSoStaysAsItIs(String message) {
        Problem problem = Problem.of(PostgresProblem.MISSING_GRANTS, message, GRANT);

        assertThat(Cures.named(problem, "Sync")).isEqualTo(problem);
    }

    @Test
    void whatNoSqlCuresStaysAsItIs() {
        Problem problem = Problem.of(PostgresProblem.DISK_FULL, "It is full");

        assertThat(Cures.named(problem, "Sync")).isEqualTo(problem);
    }
}

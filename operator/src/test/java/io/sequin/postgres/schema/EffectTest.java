package io.sequin.postgres.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.postgres.Identifier;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EffectTest {
    @Test
    void aSessionTellsItsSchemaAndInATransactionWhatItDoes() {
        assertThat(Transactions.application("stripe", Optional.empty())).isEqualTo("sequin stripe");
        assertThat(Transactions.application("stripe", Optional.of(Effect.COMMIT_BATCH)))
                .isEqualTo("sequin stripe: commit batch");
    }

    /** It would show a question mark or an escape for each byte that is not, and nobody would find the session by its name. */
    @Test
    void aSchemaWhoseNameIsNotAsciiIsLeftOut() {
        assertThat(Transactions.application("grün", Optional.empty())).isEqualTo("sequin");
        assertThat(Transactions.application("grün", Optional.of(Effect.COMMIT_BATCH)))
                .isEqualTo("sequin: commit batch");
    }

    @ParameterizedTest
    @EnumSource
    void theServerCutsNoName(Effect effect) {
        for (String schema :
                new String[] {"s", "a long name of a schema, in all fifty-eight bytes, no more", "é".repeat(29)}) {
            String name = Transactions.application(schema, Optional.of(effect));
            assertThat(name.getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(Identifier.MAX_BYTES);
            assertThat(name).startsWith("sequin").endsWith(": " + effect.words());
        }
    }

    @Test
    void noTwoHaveTheSameWords() {
        assertThat(Arrays.stream(Effect.values()).map(Effect::words)).doesNotHaveDuplicates();
    }
}

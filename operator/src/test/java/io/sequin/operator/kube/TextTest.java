package io.sequin.operator.kube;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TextTest {
    @Test
    void aNoteIsCutByBytesAndNeverInsideACharacter() {
        assertThat(Text.note("short")).isEqualTo("short");
        assertThat(Text.note("x".repeat(Text.NOTE))).isEqualTo("x".repeat(Text.NOTE));
        for (String letter : new String[] {"x", "ü", "€", "😀"}) {
            String note = Text.note(letter.repeat(2_000));
            int bytes = note.getBytes(StandardCharsets.UTF_8).length;
            assertThat(bytes).as(letter).isBetween(Text.NOTE - 12, Text.NOTE);
            assertThat(note).endsWith(letter + "…");
        }
    }

    @Test
    void aStatementInANoteStaysWhole() {
        String sql = "drop schema \"s\";";
        assertThat(Text.note("Why.", sql)).isEqualTo("Why. " + sql);
        assertThat(Text.note("ü".repeat(2_000), sql)).endsWith("… " + sql);
        assertThat(Text.note("Why.", "s".repeat(Text.NOTE))).isEqualTo("Why.");
    }

    @Test
    void aSentenceHasOneFullStop() {
        assertThat(Text.sentence("Nobody listens")).isEqualTo("Nobody listens.");
        assertThat(Text.sentence("Nobody listens.")).isEqualTo("Nobody listens.");
    }
}

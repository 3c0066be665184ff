package io.sequin.testkit.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConsoleTest {
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(written, true, StandardCharsets.UTF_8);

    private String text() {
        return written.toString(StandardCharsets.UTF_8);
    }

    @Test
    void withoutATerminalThereAreLinesAndNoControlCharacters() {
        Console console = new Console(out, 0);

        console.draw(List.of("a picture"));
        console.text("a line");

        assertThat(text()).isEqualTo("a line\n");
    }

    @Test
    void aPictureIsDrawnAgainInPlace() {
        Console console = new Console(out, 80);

        console.draw(List.of("one", "two"));
        console.draw(List.of("three"));

        assertThat(text()).isEqualTo("one\ntwo\n\u001b[2F\u001b[0Jthree\n");
    }

    @Test
    void aLineComesAboveThePicture() {
        Console console = new Console(out, 80);

        console.draw(List.of("picture"));
        console.text("line");

        assertThat(text()).isEqualTo("picture\n\u001b[1F\u001b[0Jline\npicture\n");
    }

    @Test
    void aPictureThatIsKeptStaysAboveWhatFollows() {
        Console console = new Console(out, 80);

        console.draw(List.of("picture"));
        console.keep();
        console.text("line");

        assertThat(text()).isEqualTo("picture\nline\n");
    }
}

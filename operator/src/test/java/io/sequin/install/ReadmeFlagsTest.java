package io.sequin.install;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The README says of each option of the image's JVM what it gave. */
class ReadmeFlagsTest {
    @Test
    void everyOptionOfTheImageIsInTheReadme() throws IOException {
        List<String> options = Files.readAllLines(Command.ROOT.resolve("image/jvm.options")).stream()
                .filter(line -> line.startsWith("-"))
                // the paths and patterns behind these two are the image's own matter
                .map(line -> line.replaceFirst("^(-XX:(?:AOTCache|CompileCommand))=.*", "$1"))
                .toList();

        assertThat(options).hasSizeGreaterThan(20);
        assertThat(Files.readString(Command.ROOT.resolve("README.md"))).contains(options);
    }
}

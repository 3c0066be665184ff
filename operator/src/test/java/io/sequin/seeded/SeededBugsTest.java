package io.sequin.seeded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** That the seeded bugs fit the code, so that it is noticed at once when the code moves. */
class SeededBugsTest {
    static Stream<Path> patches() throws IOException {
        return SeededBugs.patches();
    }

    @Test
    void thereAreAtLeastTwelve() throws IOException {
        assertThat(patches()).hasSizeGreaterThanOrEqualTo(12);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("patches")
    void fitsTheCodeAndNamesATest(Path patch, @TempDir Path copy) throws Exception {
        SeededBugs.apply(patch, copy);
        assertThat(Class.forName(SeededBugs.caughtBy(patch).replaceFirst("#.*", "")))
                .isNotNull();
    }
}

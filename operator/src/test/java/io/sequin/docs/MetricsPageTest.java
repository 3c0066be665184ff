package io.sequin.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.observability.OperatorMetrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The committed page is what the code exposes. */
class MetricsPageTest {
    private static final Path PAGE = Path.of("../docs/metrics.md");
    private static final String COMMAND = "mvn -pl operator -am test -Dtest=MetricsPageTest"
            + " -Dsurefire.failIfNoSpecifiedTests=false -Ddocs.write";

    @Test
    void theCommittedPageIsWhatTheFamiliesSay() throws IOException {
        String page = MetricsPage.text(COMMAND);
        if (System.getProperty("docs.write") != null) {
            Files.writeString(PAGE, page);
        }
        assertThat(PAGE).as("write the page again: " + COMMAND).content().isEqualTo(page);
    }

    @Test
    void everyFamilyOfTheJvmIsOnThePage() {
        try (OperatorMetrics metrics = new OperatorMetrics("test", Clock.systemUTC())) {
            Set<String> exposed = metrics.scrape()
                    .lines()
                    .filter(line -> line.startsWith("# TYPE jvm_"))
                    .map(line -> line.substring("# TYPE ".length(), line.lastIndexOf(' ')))
                    .collect(Collectors.toSet());
            assertThat(exposed).contains("jvm_memory_used_bytes").isSubsetOf(MetricsPage.JVM.keySet());
        }
    }
}

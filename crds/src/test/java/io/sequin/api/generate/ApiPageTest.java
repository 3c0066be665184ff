package io.sequin.api.generate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ApiPageTest {
    private static final Path PAGE = Path.of("../docs/api.md");
    private static final String COMMAND =
            "mvn -pl crds -am test -Dtest=ApiPageTest" + " -Dsurefire.failIfNoSpecifiedTests=false -Ddocs.write";

    @Test
    void theCommittedPageIsWhatTheCrdsSay() throws IOException {
        String page = ApiPage.text(COMMAND);
        if (System.getProperty("docs.write") != null) {
            Files.writeString(PAGE, page);
        }
        assertThat(PAGE).as("write the page again: " + COMMAND).content().isEqualTo(page);
    }

    @Test
    void everyFieldOfBothKindsIsOnThePage() throws IOException {
        String page = Files.readString(PAGE);
        assertThat(CrdWriter.KINDS.stream().flatMap(kind -> Crds.fields(kind).stream()))
                .map(field -> field.path().replaceFirst("^(spec|status)\\.?", ""))
                .filteredOn(path -> !path.isEmpty() && !path.endsWith("[]"))
                .allSatisfy(path -> assertThat(page).contains("| `" + path + "` |"));
    }
}

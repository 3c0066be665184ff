package io.sequin.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.sequin.data.ProblemCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The committed page is what the enums say. */
class TroubleshootingPageTest {
    private static final Path PAGE = Path.of("../docs/troubleshooting.md");
    private static final String COMMAND = "mvn -pl operator -am test -Dtest=TroubleshootingPageTest"
            + " -Dsurefire.failIfNoSpecifiedTests=false -Ddocs.write";

    @Test
    void theCommittedPageIsWhatTheEnumsSay() throws IOException {
        String page = TroubleshootingPage.text(COMMAND);
        if (System.getProperty("docs.write") != null) {
            Files.writeString(PAGE, page);
        }
        assertThat(PAGE).as("write the page again: " + COMMAND).content().isEqualTo(page);
    }

    @Test
    void everyEnumOfProblemsIsOnThePage() {
        List<String> all = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages("io.sequin").stream()
                        .filter(type -> type.isAssignableTo(ProblemCode.class) && type.isEnum())
                        .map(JavaClass::getName)
                        .toList();

        assertThat(all).isNotEmpty();
        assertThat(TroubleshootingPage.PROBLEMS.values())
                .extracting(Class::getName)
                .containsExactlyInAnyOrderElementsOf(all);
    }
}

package io.sequin.api.generate;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.CustomResource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CrdDriftTest {
    private static final String CURE = "write the committed CRDs again: mvn -pl crds -am process-classes -Dcrds.write";

    static List<Class<? extends CustomResource<?, ?>>> kinds() {
        return CrdWriter.KINDS;
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void theCommittedCrdIsWhatTheRecordsSay(Class<? extends CustomResource<?, ?>> kind) {
        assertThat(Crds.CONFIG.resolve("crd").resolve(CrdWriter.fileName(kind)))
                .as(CURE)
                .content()
                .isEqualTo(Crds.generatedText(kind));
    }

    @Test
    void everyKindIsInTheKustomization() throws IOException {
        Path folder = Crds.CONFIG.resolve("crd");
        String kustomization = Files.readString(folder.resolve("kustomization.yaml"));
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()).filter(name -> name.startsWith("sequin.io_")))
                    .containsExactlyInAnyOrderElementsOf(
                            kinds().stream().map(CrdWriter::fileName).toList())
                    .allSatisfy(name -> assertThat(kustomization).contains("  - " + name));
        }
    }
}

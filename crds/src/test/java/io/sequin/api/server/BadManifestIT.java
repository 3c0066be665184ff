package io.sequin.api.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.api.model.apiextensions.v1.ValidationRule;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each file in {@code bad} is refused, and the answer has every text of its {@code # expect:} lines: where it is wrong
 * and how to cure it. Of several documents all but the last are accepted; the last one changes what they made.
 */
class BadManifestIT {
    private static final Path FOLDER = Path.of("src/test/resources/bad");
    private static final String EXPECT = "# expect: ";

    private static Cluster cluster;

    @BeforeAll
    static void start() {
        cluster = Cluster.withNamespace("bad");
    }

    static List<Path> files() {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void isRefusedWithTheFieldAndTheCure(Path file) {
        List<HasMetadata> objects = cluster.read(file);
        List<String> expected = expected(file);
        assertThat(expected).as("expect lines of " + file).isNotEmpty();

        if (objects.size() == 1) {
            assertThatThrownBy(() -> cluster.create(objects.getFirst()))
                    .isInstanceOf(KubernetesClientException.class)
                    .hasMessageContainingAll(expected.toArray(String[]::new));
            return;
        }
        assertThat(objects).hasSize(2);
        HasMetadata created = cluster.create(objects.getFirst());
        assertThatThrownBy(() -> cluster.replace(created, objects.getLast()))
                .isInstanceOf(KubernetesClientException.class)
                .hasMessageContainingAll(expected.toArray(String[]::new));
    }

    @Test
    void everyMessageOfARuleIsShownByAFile() {
        List<String> shown =
                files().stream().flatMap(file -> expected(file).stream()).toList();

        assertThat(Stream.of("destinations", "syncs").flatMap(BadManifestIT::messages))
                .isNotEmpty()
                .allSatisfy(message -> assertThat(shown).anyMatch(message::contains));
    }

    private static List<String> expected(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith(EXPECT))
                    .map(line -> line.substring(EXPECT.length()))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<String> messages(String plural) {
        CustomResourceDefinition crd = cluster.client()
                .apiextensions()
                .v1()
                .customResourceDefinitions()
                .withName(plural + ".sequin.io")
                .require();
        return messages(crd.getSpec().getVersions().getFirst().getSchema().getOpenAPIV3Schema());
    }

    private static Stream<String> messages(JSONSchemaProps schema) {
        return Stream.concat(
                schema.getXKubernetesValidations().stream()
                        .map(ValidationRule::getMessage)
                        .map(message -> Objects.requireNonNull(message, "a rule without a message")),
                schema.getProperties().values().stream().flatMap(BadManifestIT::messages));
    }
}

package io.sequin.api.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a user sees at the command line. */
class KubectlIT {
    @TempDir
    private static Path folder;

    private static Cluster cluster;
    private static Path kubeconfig;

    @BeforeAll
    static void applyTheSamples() throws Exception {
        cluster = Cluster.withNamespace("kubectl");
        kubeconfig =
                Files.writeString(folder.resolve("kubeconfig"), cluster.server().kubeconfig());
        assertThat(kubectl("apply", "--server-side", "--validate=strict", "-k", config("samples/stripe")))
                .contains("destination.sequin.io/warehouse serverside-applied")
                .contains("sync.sequin.io/stripe serverside-applied")
                .contains("secret/stripe serverside-applied")
                .contains("secret/warehouse-sequin serverside-applied");
    }

    @ParameterizedTest
    @CsvSource({
        "dest, NAME READY REASON VERSION SYNCS AGE",
        "destinations, NAME READY REASON VERSION SYNCS AGE",
        "sy, NAME READY REASON SOURCE SCHEMA TABLES ROWS LAST CHANGE AGE",
        "sync, NAME READY REASON SOURCE SCHEMA TABLES ROWS LAST CHANGE AGE"
    })
    void theListHasItsColumnsInOrder(String kind, String headings) throws Exception {
        assertThat(headings(kubectl("get", kind))).isEqualTo(headings);
    }

    @Test
    void theWideListAddsWhereToAndWhy() throws Exception {
        assertThat(headings(kubectl("get", "dest", "-o", "wide")))
                .isEqualTo("NAME READY REASON VERSION SYNCS AGE HOST MESSAGE");
        assertThat(headings(kubectl("get", "sy", "-o", "wide")))
                .isEqualTo("NAME READY REASON SOURCE SCHEMA TABLES ROWS LAST CHANGE AGE DESTINATION MESSAGE");
    }

    @Test
    void theCategoryListsBothKinds() throws Exception {
        assertThat(kubectl("get", "sequin", "-o", "name").lines())
                .containsExactly("destination.sequin.io/warehouse", "sync.sequin.io/stripe");
    }

    @Test
    void explainSpeaksOfTheField() {
        // published a moment after the CRD
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(kubectl(
                                "explain",
                                "sync.spec.source.stripe.apiKeySecretRef.key",
                                "--api-version",
                                "sequin.io/v1alpha1"))
                        .contains("Key of the value inside the Secret."));
    }

    @Test
    void theDocumentedCommandAsksForAVerificationNow() throws Exception {
        String command = Files.readAllLines(Path.of("../docs/destination.md")).stream()
                .filter(line -> line.startsWith("kubectl annotate destination warehouse "))
                .findFirst()
                .orElseThrow();
        String function = "kubectl() { '" + cluster.server().kubectl() + "' --kubeconfig '" + kubeconfig + "' -n "
                + cluster.namespace() + " \"$@\"; }; ";
        Process shell = new ProcessBuilder("bash", "-c", function + command)
                .redirectErrorStream(true)
                .start();
        assertThat(new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .contains("destination.sequin.io/warehouse annotated");
        assertThat(kubectl("get", "destination", "warehouse", "-o", "yaml"))
                .contains("sequin.io/reconcile-requested-at: \"1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"crd", "rbac/namespaced", "rbac/cluster"})
    void theKustomizationCanBeApplied(String folder) throws Exception {
        assertThat(kubectl("apply", "--server-side", "--force-conflicts", "--dry-run=server", "-k", config(folder)))
                .contains("serverside-applied (server dry run)");
    }

    @Test
    void theOperatorsKustomizationCanBeAppliedToItsNamespace() throws Exception {
        cluster.server()
                .apply(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName("sequin-system")
                        .endMetadata()
                        .build());

        assertThat(run(List.of("apply", "--server-side", "--dry-run=server", "-k", config("rbac/operator"))))
                .contains("serviceaccount/sequin-operator serverside-applied")
                .contains("role.rbac.authorization.k8s.io/sequin-operator-leader-election serverside-applied")
                .contains("rolebinding.rbac.authorization.k8s.io/sequin-operator-leader-election serverside-applied");
    }

    private static String config(String folder) {
        return Cluster.CONFIG.resolve(folder).toString();
    }

    private static String headings(String table) {
        return table.lines().findFirst().orElse("").strip().replaceAll("\\s+", " ");
    }

    /** Runs it in the test's namespace. */
    private static String kubectl(String... arguments) throws IOException, InterruptedException {
        return run(Stream.concat(Stream.of("-n", cluster.namespace()), Stream.of(arguments))
                .toList());
    }

    private static String run(List<String> arguments) throws IOException, InterruptedException {
        List<String> command = Stream.concat(
                        Stream.of(cluster.server().kubectl().toString(), "--kubeconfig", kubeconfig.toString()),
                        arguments.stream())
                .toList();
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor())
                .as("exit code of kubectl %s, which said:%n%s", arguments, output)
                .isZero();
        return output;
    }
}

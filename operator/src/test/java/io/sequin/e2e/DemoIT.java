package io.sequin.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Namespace;
import io.sequin.testkit.kube.ApiServer;
import io.sequin.testkit.process.Folders;
import io.sequin.testkit.process.JavaProcess;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** The README's first command, as its profile runs it, with fewer objects. */
class DemoIT {
    private static final Path CONFIG = Path.of("../config").toAbsolutePath().normalize();

    @Test
    void theDemoEndsByItselfWithEverythingReadyAndEqual() throws Exception {
        Path output = Folders.temporary("demo-it").resolve("output");
        try (JavaProcess demo = JavaProcess.start(demo("demo.for=30s", "demo.objects=2000"), output)) {
            OptionalInt code = demo.waitFor(Duration.ofMinutes(15));

            String text = Files.readString(output);
            assertThat(code).as(text).hasValue(0);
            assertThat(text)
                    .contains("grant connect, create on database \"app\" to \"sequin\";")
                    .contains("changed at the source")
                    .contains("kubectl --kubeconfig")
                    .contains("all Ready and equal");
        }
    }

    @Test
    void theDemoUsesTheClusterOfAKubeconfigAndTakesItsNamespaceAway() throws Exception {
        Path folder = Folders.temporary("demo-it");
        try (ApiServer cluster = ApiServer.start()) {
            Path kubeconfig = Files.writeString(folder.resolve("kubeconfig"), cluster.kubeconfig());
            Path output = folder.resolve("output");
            try (JavaProcess demo = JavaProcess.start(
                    demo("demo.for=20s", "demo.objects=200", "demo.kubeconfig=" + kubeconfig), output)) {
                OptionalInt code = demo.waitFor(Duration.ofMinutes(15));

                assertThat(code).as(Files.readString(output)).hasValue(0);
                for (String kind : List.of("Sync", "Destination")) {
                    assertThat(cluster.admin()
                                    .genericKubernetesResources("sequin.io/v1alpha1", kind)
                                    .inNamespace("sequin-demo")
                                    .list()
                                    .getItems())
                            .as("a finalizer would hold the namespace up")
                            .isEmpty();
                }
                Namespace left =
                        cluster.admin().namespaces().withName("sequin-demo").get();
                assertThat(left == null || left.getMetadata().getDeletionTimestamp() != null)
                        .as("the namespace is deleted; nothing finalizes it here")
                        .isTrue();
            }
        }
    }

    @Test
    void aWrongPropertyIsNamedWithWhatIsAllowed() throws Exception {
        Path output = Folders.temporary("demo-it").resolve("output");
        try (JavaProcess demo = JavaProcess.start(demo("demo.for=soon"), output)) {
            OptionalInt code = demo.waitFor(Duration.ofMinutes(1));

            assertThat(code).hasValue(2);
            assertThat(Files.readString(output)).contains("demo.for=soon is not a duration such as 60s");
        }
    }

    private static JavaProcess.Command demo(String... properties) {
        List<Path> classPath = Arrays.stream(
                        System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of)
                .toList();
        List<String> options = new java.util.ArrayList<>(List.of(
                "-Xmx512m",
                "-Dlogback.configurationFile=io/sequin/testkit/demo/logback.xml",
                "-Ddemo.config=" + CONFIG,
                "-Ddemo.jar=" + System.getProperty("sequin.operator.jar")));
        Arrays.stream(properties).forEach(property -> options.add("-D" + property));
        return JavaProcess.Command.ofClass(classPath, "io.sequin.testkit.demo.Demo")
                .withJvmOptions(options.toArray(String[]::new));
    }
}

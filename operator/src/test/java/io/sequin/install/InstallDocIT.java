package io.sequin.install;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.dsl.NonNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.sequin.testkit.kube.ApiServer;
import io.sequin.testkit.kube.HelmProgram;
import io.sequin.testkit.process.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Follows docs/install.md from top to bottom: every command and file in it, as it stands there. */
class InstallDocIT {
    /** A block, after the name of its file where one stands right before it. */
    private static final Pattern BLOCK = Pattern.compile("(?ms)(?:`([a-z.]+)`:\\n\\n)?^```(sh|yaml)\\n(.*?)^```$");

    /** Builds of containers; and what waits for nodes, which an API server alone does not have. */
    private static final List<String> EXEMPT = List.of(
            "docker ",
            "kubectl -n sequin-system rollout",
            "kubectl -n sequin-system get lease",
            "kubectl -n sequin-system logs");

    @Test
    void everyCommandOfThePageWorksInItsOrder() throws Exception {
        Path folder = Folders.temporary("sequin-install");
        for (String name : List.of("config", "helm")) {
            Files.createSymbolicLink(folder.resolve(name), Command.ROOT.resolve(name));
        }
        List<String> done = new ArrayList<>();
        try (ApiServer server = ApiServer.start()) {
            Files.writeString(folder.resolve("kubeconfig"), server.kubeconfig());
            Files.writeString(folder.resolve("ca.crt"), "stands for certificates");
            Matcher blocks = BLOCK.matcher(Files.readString(Command.ROOT.resolve("docs/install.md")));
            while (blocks.find()) {
                if (blocks.group(2).equals("yaml")) {
                    Files.writeString(folder.resolve(blocks.group(1)), blocks.group(3));
                    continue;
                }
                for (String line : blocks.group(3).lines().toList()) {
                    if (EXEMPT.stream().noneMatch(line::startsWith)) {
                        before(server, line);
                        run(folder, server, line);
                        done.add(line);
                        afterwards(server, line);
                    }
                }
            }
        }
        assertThat(done).anyMatch(line -> line.startsWith("helm uninstall")).hasSizeGreaterThan(15);
    }

    /** A Destination that was in use when the operator went, and was deleted after that. */
    private static void before(ApiServer server, String line) {
        if (line.startsWith("kubectl -n team-a patch destination")) {
            server.admin().resource("""
                    {"apiVersion": "sequin.io/v1alpha1", "kind": "Destination",
                     "metadata": {"name": "warehouse", "namespace": "team-a", "finalizers": ["sequin.io/in-use"]},
                     "spec": {"postgres": {"credentialsSecretRef": {"name": "db"}, "host": "db", "database": "app"}}}""").create();
            destinations(server).withName("warehouse").delete();
            assertThat(destinations(server).withName("warehouse").get()).isNotNull();
        }
    }

    private static NonNamespaceOperation<
                    GenericKubernetesResource, GenericKubernetesResourceList, Resource<GenericKubernetesResource>>
            destinations(ApiServer server) {
        return server.admin()
                .genericKubernetesResources("sequin.io/v1alpha1", "Destination")
                .inNamespace("team-a");
    }

    /** What the page promises of a command. */
    private static void afterwards(ApiServer server, String line) {
        List<String> crds = server.admin().apiextensions().v1().customResourceDefinitions().list().getItems().stream()
                .map(crd -> crd.getMetadata().getName())
                .toList();
        var deployment =
                server.admin().apps().deployments().inNamespace("sequin-system").withName("sequin-operator");
        if (line.startsWith("helm uninstall")) {
            assertThat(crds).contains("destinations.sequin.io", "syncs.sequin.io");
            assertThat(deployment.get()).isNull();
        } else if (line.startsWith("kubectl -n team-a patch destination")) {
            assertThat(destinations(server).withName("warehouse").get()).isNull();
        } else if (line.startsWith("kubectl delete crd")) {
            assertThat(crds).isEmpty();
        } else if (line.contains("--values values.yaml")) {
            assertThat(server.admin().rbac().clusterRoles().list().getItems())
                    .extracting(HasMetadata::getMetadata)
                    .noneMatch(metadata -> metadata.getName().startsWith("sequin-operator"));
        } else if (line.startsWith("helm install")
                || line.startsWith("helm upgrade")
                || line.contains("config/default")) {
            assertThat(deployment.get()).as(line).isNotNull();
        }
    }

    private static void run(Path folder, ApiServer server, String line) throws IOException {
        String path = server.kubectl().getParent() + ":" + HelmProgram.path().getParent() + ":" + System.getenv("PATH");
        Command.Result result = Command.run(
                folder,
                Map.of("KUBECONFIG", folder.resolve("kubeconfig").toString(), "PATH", path),
                List.of("bash", "-c", line));
        assertThat(result.code())
                .as("%s%n%s%s", line, result.out(), result.err())
                .isZero();
    }
}

package io.sequin.install;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.sequin.testkit.kube.ApiServer;
import io.sequin.testkit.process.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The chart: what it renders from which values, and that a real API server takes it. */
class ChartIT {
    private static final Path VALUES = Path.of("src/test/resources/helm").toAbsolutePath();

    private static List<String> valueFiles() throws IOException {
        try (Stream<Path> files = Files.list(VALUES)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static List<HasMetadata> render(String... more) {
        return Manifests.parse(Command.template("sequin-operator", "sequin-system", more));
    }

    @Test
    void lintFindsNothing() {
        Command.Result lint = Command.helm("lint", "--strict", Command.CHART.toString());

        assertThat(lint.ok()).contains("1 chart(s) linted, 0 chart(s) failed");
    }

    @ParameterizedTest
    @MethodSource("valueFiles")
    void aRealApiServerTakesWhatTheValuesRender(String file) throws IOException {
        ApiServer server = ApiServer.shared();
        String namespace = restricted(server);
        for (String watched : List.of("team-a", "team-b")) {
            server.apply(new NamespaceBuilder()
                    .withNewMetadata()
                    .withName(watched)
                    .endMetadata()
                    .build());
        }
        String values = VALUES.resolve(file).toString();
        Command.helm("lint", "--strict", "--values", values, Command.CHART.toString())
                .ok();
        Path folder = Folders.temporary("sequin-chart");
        Path manifests = Files.writeString(
                folder.resolve("all.yaml"), Command.template("sequin-operator", namespace, "--values", values));

        String applied = Command.kubectl(
                        server,
                        "apply",
                        "--server-side",
                        "--force-conflicts",
                        "--dry-run=server",
                        "--validate=strict",
                        "--filename=" + manifests)
                .ok();

        assertThat(applied.lines())
                .hasSameSizeAs(Manifests.parse(Files.readString(manifests)))
                .allMatch(line -> line.endsWith("serverside-applied (server dry run)"));
        Folders.delete(folder);
    }

    @ParameterizedTest
    @MethodSource("valueFiles")
    void itsPodPassesPodSecurityRestricted(String file) {
        ApiServer server = ApiServer.shared();
        String namespace = restricted(server);
        Deployment deployment = Manifests.only(
                Manifests.parse(Command.template(
                        "sequin-operator",
                        namespace,
                        "--values",
                        VALUES.resolve(file).toString())),
                Deployment.class);
        String account = deployment.getSpec().getTemplate().getSpec().getServiceAccountName();
        server.apply(new ServiceAccountBuilder()
                .withNewMetadata()
                .withName(account)
                .withNamespace(namespace)
                .endMetadata()
                .build());
        // the API server checks classes of pods for existence; that they exist is not the chart's to see to
        Pod pod = new PodBuilder()
                .withNewMetadata()
                .withName("operator")
                .withNamespace(namespace)
                .endMetadata()
                .withNewSpecLike(deployment.getSpec().getTemplate().getSpec())
                .withPriorityClassName(null)
                .endSpec()
                .build();

        assertThat(server.admin().resource(pod).dryRun().create()).isNotNull();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            replica=2                             | additional properties 'replica' not allowed
            crds.install=true                     | additional properties 'install' not allowed
            watchNamespaces={Team_A}              | watchNamespaces/0
            watchNamespaces=team-a                | watchNamespaces
            log.format=xml                        | log/format
            resources.limits.memory=200 MB        | resources/limits/memory
            resources.limits.memroy=200Mi         | additional properties 'memroy' not allowed
            leaderElection.leaseDuration=15       | leaderElection/leaseDuration
            image.pullPolicy=never                | image/pullPolicy
            image.tag=my tag                      | image/tag
            image.digest=1a2b                     | image/digest
            proxy.https=proxy.example.com:3128    | proxy/https
            proxy.https=https://proxy:3128        | proxy/https
            clusterId=prod #1                     | clusterId
            byteBudget=64MB                       | byteBudget
            extraArgs={log-level=debug}           | extraArgs/0
            replicas=two                          | replicas
            """)
    void aBadValueIsRefusedByItsName(String set, String message) {
        Command.Result result = Command.helm("template", "x", Command.CHART.toString(), "--set", set);

        assertThat(result.code()).isNotZero();
        assertThat(result.err())
                .contains("values don't meet the specifications of the schema")
                .contains(message);
    }

    @Test
    void theCrdsAreThoseOfConfigAndStayByDefault() throws IOException {
        Map<String, CustomResourceDefinitionSpec> committed = new TreeMap<>();
        for (String kind : List.of("destinations", "syncs")) {
            crds(Files.readString(Command.ROOT.resolve("config/crd/sequin.io_" + kind + ".yaml")))
                    .forEach(crd -> committed.put(crd.getMetadata().getName(), crd.getSpec()));
        }

        List<CustomResourceDefinition> rendered = crds(Command.template("x", "y", "--show-only=templates/crds.yaml"));

        assertThat(rendered)
                .hasSize(2)
                .allSatisfy(crd -> assertThat(crd.getSpec())
                        .isEqualTo(committed.get(crd.getMetadata().getName())))
                .allSatisfy(crd -> assertThat(crd.getMetadata().getAnnotations())
                        .containsEntry("helm.sh/resource-policy", "keep"));
    }

    @Test
    void theCrdsGoWithTheReleaseOnlyOnRequestAndCanBeLeftOut() {
        assertThat(Command.template("x", "y", "--set=crds.keep=false")).doesNotContain("helm.sh/resource-policy");
        assertThat(render("--set=crds.enabled=false")).noneMatch(CustomResourceDefinition.class::isInstance);
    }

    @Test
    void withNamespacesAndAClusterIdNothingIsClusterScoped() {
        List<HasMetadata> objects = render("--set=watchNamespaces={team-a,team-b},clusterId=prod,crds.enabled=false");

        assertThat(objects).noneMatch(Manifests::isClusterScoped);
        assertThat(objects.stream()
                        .filter(object -> object.getKind().equals("Role"))
                        .map(object -> object.getMetadata().getNamespace() + "/"
                                + object.getMetadata().getName()))
                .containsExactlyInAnyOrder(
                        "team-a/sequin-operator",
                        "team-b/sequin-operator",
                        "sequin-system/sequin-operator-leader-election");
    }

    @Test
    void withNamespacesAloneTheOnlyClusterRoleReadsKubeSystemsUid() {
        assertThat(render("--set=watchNamespaces={team-a},crds.enabled=false").stream()
                        .filter(Manifests::isClusterScoped)
                        .map(Manifests::title))
                .containsExactlyInAnyOrder(
                        "ClusterRole/sequin-operator-cluster-id", "ClusterRoleBinding/sequin-operator-cluster-id");
    }

    @Test
    void rightsAndAccountCanBeLeftToOthers() {
        assertThat(render("--set=rbac.create=false,serviceAccount.create=false,crds.enabled=false").stream()
                        .map(Manifests::title))
                .containsExactly("Deployment/sequin-operator");
    }

    @Test
    void itsVersionIsTheOperators() throws IOException {
        String chart = Files.readString(Command.CHART.resolve("Chart.yaml"));
        String pom = Files.readString(Command.ROOT.resolve("pom.xml"));
        String version = pom.substring(pom.indexOf("<version>") + "<version>".length(), pom.indexOf("</version>"));

        assertThat(chart).contains("\nappVersion: " + version + "\n");
        assertThat(Files.readString(Command.ROOT.resolve("config/manager/kustomization.yaml")))
                .contains("newTag: " + version);
    }

    /** Argo CD runs hooks at each sync and sees random or looked-up values as drift. */
    @Test
    void itHasNoHooksAndRendersTheSameEachTime() {
        String first = Command.template("x", "y");

        assertThat(first).doesNotContain("helm.sh/hook");
        assertThat(Command.template("x", "y")).isEqualTo(first);
    }

    private static List<CustomResourceDefinition> crds(String yaml) {
        return Manifests.parse(yaml).stream()
                .map(CustomResourceDefinition.class::cast)
                .toList();
    }

    /** A namespace that refuses pods which ask for more than the profile allows. */
    private static String restricted(ApiServer server) {
        String namespace = server.namespace("chart");
        server.apply(new NamespaceBuilder()
                .withNewMetadata()
                .withName(namespace)
                .addToLabels("pod-security.kubernetes.io/enforce", "restricted")
                .endMetadata()
                .build());
        return namespace;
    }
}

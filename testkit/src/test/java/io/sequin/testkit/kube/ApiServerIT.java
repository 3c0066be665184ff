package io.sequin.testkit.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApiServerIT {
    private final ApiServer server = ApiServer.shared();

    @Test
    void servesTheVersionThatItSays() {
        assertThat(server.admin().getKubernetesVersion().getMinor()).isEqualTo("36");
    }

    @Test
    void isOneForAllWhoShareIt() {
        assertThat(ApiServer.shared()).isSameAs(server);
    }

    @Test
    void refusesWhatAnImpersonatedUserMayNotDoAndLogsWhoAsked() {
        String namespace = server.namespace("impersonated");
        try (KubernetesClient nobody = server.as("nobody-special", "a-group")) {
            assertThatThrownBy(() -> nobody.secrets().inNamespace(namespace).list())
                    .asInstanceOf(InstanceOfAssertFactories.throwable(KubernetesClientException.class))
                    .extracting(KubernetesClientException::getCode)
                    .isEqualTo(403);
        }

        Awaitility.await()
                .atMost(10, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(server.auditLog().entriesOf("nobody-special"))
                        .extracting(AuditEntry::user, AuditEntry::verb, AuditEntry::resource, AuditEntry::code)
                        .containsExactly(tuple("kubeapitest", "list", "secrets", 403)));
    }

    @Test
    void givesAServiceAccountItsOwnRightsByToken() {
        String namespace = server.namespace("token");
        Config config = new ConfigBuilder(Config.fromKubeconfig(server.kubeconfigFor(namespace, "operator")))
                .withNoProxy("127.0.0.1")
                .build();
        assertThat(config.getNamespace()).isEqualTo(namespace);
        try (KubernetesClient operator =
                new KubernetesClientBuilder().withConfig(config).build()) {
            assertThatThrownBy(
                            () -> operator.configMaps().inNamespace(namespace).list())
                    .isInstanceOf(KubernetesClientException.class)
                    .hasMessageContaining("system:serviceaccount:" + namespace + ":operator");

            allowReadingConfigMaps(namespace, "operator");

            Awaitility.await()
                    .atMost(10, TimeUnit.SECONDS)
                    .ignoreException(KubernetesClientException.class)
                    .until(() -> operator.configMaps()
                            .inNamespace(namespace)
                            .list()
                            .getItems()
                            .isEmpty());
            assertThatThrownBy(() -> operator.secrets().inNamespace(namespace).list())
                    .isInstanceOf(KubernetesClientException.class);
        }
        assertThat(server.auditLog().entriesOf("system:serviceaccount:" + namespace + ":operator"))
                .allSatisfy(entry -> assertThat(entry.impersonatedUser()).isNull())
                .extracting(AuditEntry::resource, AuditEntry::code)
                .contains(tuple("configmaps", 403), tuple("configmaps", 200), tuple("secrets", 403));
    }

    @Test
    void appliesAKindAndItsFirstObjectFromOneFile(@TempDir Path folder) throws IOException {
        String namespace = server.namespace("apply");
        Path file = Files.writeString(folder.resolve("all.yaml"), kindAndObject(namespace));

        server.apply(file);
        server.apply(file);

        GenericKubernetesResource object = server.admin()
                .genericKubernetesResources("testkit.sequin.io/v1", "Widget")
                .inNamespace(namespace)
                .withName("first")
                .get();
        assertThat(object.<Integer>get("spec", "size")).isEqualTo(3);
        assertThat(object.getMetadata().getManagedFields())
                .extracting("operation")
                .containsExactly("Apply");
    }

    @Test
    void anyoneWithTheKubeconfigFileCanUseTheKubectlThatCameAlong(@TempDir Path folder) throws Exception {
        String namespace = server.namespace("kubectl");
        server.apply(new ConfigMapBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName("seen")
                .endMetadata()
                .build());
        Path kubeconfig = Files.writeString(folder.resolve("kubeconfig"), server.kubeconfig());

        Process kubectl = new ProcessBuilder(
                        server.kubectl().toString(),
                        "--kubeconfig=" + kubeconfig,
                        "get",
                        "configmaps",
                        "-n",
                        namespace,
                        "-o",
                        "name")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();

        assertThat(kubectl.inputReader().readAllAsString()).contains("configmap/seen");
        assertThat(kubectl.waitFor()).isZero();
    }

    @Test
    void aServerOfOnesOwnKnowsNothingOfTheSharedOne() {
        String namespace = server.namespace("elsewhere");
        try (ApiServer own = ApiServer.start()) {
            assertThat(own.url()).isNotEqualTo(server.url());
            assertThat(own.admin().namespaces().withName(namespace).get()).isNull();
        }
        assertThat(server.admin().namespaces().withName(namespace).get()).isNotNull();
    }

    private void allowReadingConfigMaps(String namespace, String serviceAccount) {
        server.apply(new RoleBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName("reader")
                .endMetadata()
                .addNewRule()
                .withApiGroups("")
                .withResources("configmaps")
                .withVerbs("list")
                .endRule()
                .build());
        server.apply(new RoleBindingBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName("reader")
                .endMetadata()
                .withNewRoleRef("rbac.authorization.k8s.io", "Role", "reader")
                .addNewSubject("", "ServiceAccount", serviceAccount, namespace)
                .build());
    }

    private static String kindAndObject(String namespace) {
        return """
                apiVersion: apiextensions.k8s.io/v1
                kind: CustomResourceDefinition
                metadata: {name: widgets.testkit.sequin.io}
                spec:
                  group: testkit.sequin.io
                  scope: Namespaced
                  names: {plural: widgets, singular: widget, kind: Widget}
                  versions:
                  - name: v1
                    served: true
                    storage: true
                    schema:
                      openAPIV3Schema:
                        type: object
                        properties: {spec: {type: object, properties: {size: {type: integer, default: 3}}}}
                ---
                apiVersion: testkit.sequin.io/v1
                kind: Widget
                metadata: {name: first, namespace: %s}
                spec: {}
                """.formatted(namespace);
    }
}

package io.sequin.api.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.kubernetes.api.model.rbac.Role;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the ServiceAccount of {@code config/rbac} may do, asked of the API server's own authorizer. */
class RbacIT {
    private static final String SYSTEM = "sequin-system";
    private static final String OPERATOR = "sequin-operator";
    private static final Path RBAC = Cluster.CONFIG.resolve("rbac");
    private static final List<String> VERBS =
            List.of("get", "list", "watch", "create", "update", "patch", "delete", "deletecollection");
    private static final List<String> RESOURCES = List.of(
            "sequin.io/destinations",
            "sequin.io/destinations/status",
            "sequin.io/destinations/finalizers",
            "sequin.io/syncs",
            "sequin.io/syncs/status",
            "sequin.io/syncs/finalizers",
            "/secrets",
            "/configmaps",
            "/events",
            "/pods",
            "/pods/exec",
            "/services",
            "/serviceaccounts/token",
            "/namespaces",
            "events.k8s.io/events",
            "apps/deployments",
            "coordination.k8s.io/leases",
            "rbac.authorization.k8s.io/roles",
            "rbac.authorization.k8s.io/rolebindings");
    private static final List<String> IN_A_WATCHED_NAMESPACE = List.of(
            "get sequin.io/destinations",
            "list sequin.io/destinations",
            "watch sequin.io/destinations",
            "patch sequin.io/destinations",
            "patch sequin.io/destinations/status",
            "get sequin.io/syncs",
            "list sequin.io/syncs",
            "watch sequin.io/syncs",
            "patch sequin.io/syncs",
            "patch sequin.io/syncs/status",
            "get /secrets",
            "list /secrets",
            "watch /secrets",
            "get /configmaps",
            "list /configmaps",
            "watch /configmaps",
            "create events.k8s.io/events");

    private static Cluster cluster;

    @BeforeAll
    static void grant() {
        cluster = Cluster.withNamespace("rbac");
        cluster.server()
                .apply(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(SYSTEM)
                        .endMetadata()
                        .build());
        for (String file :
                List.of("service_account.yaml", "leader_election_role.yaml", "leader_election_role_binding.yaml")) {
            cluster.server().apply(RBAC.resolve("operator").resolve(file));
        }
        for (String file : List.of("role.yaml", "role_binding.yaml")) {
            HasMetadata object = only(RBAC.resolve("namespaced").resolve(file));
            object.getMetadata().setNamespace(cluster.namespace());
            cluster.server().apply(object);
        }
    }

    @Test
    void aWatchedNamespaceGrantsTheLeastThatIsNeeded() {
        assertThat(allowed(OPERATOR, cluster.namespace())).containsExactlyInAnyOrderElementsOf(IN_A_WATCHED_NAMESPACE);
    }

    @Test
    void otherNamespacesGrantNothing() {
        String other = cluster.server().namespace("rbac-other");

        assertThat(allowed(OPERATOR, other)).isEmpty();
    }

    @Test
    void itsOwnNamespaceGrantsTheLeaseOnly() {
        assertThat(allowed(OPERATOR, SYSTEM)).containsExactly("create coordination.k8s.io/leases");
        assertThat(VERBS.stream().filter(verb -> mayUseLease(verb, OPERATOR)))
                .containsExactlyInAnyOrder("get", "create", "update", "patch");
        assertThat(VERBS.stream().filter(verb -> mayUseLease(verb, "another-operator")))
                .containsExactly("create");
    }

    @Test
    void theVariantForTheClusterGrantsTheSameInEveryNamespace() {
        Role namespaced = (Role) only(RBAC.resolve("namespaced/role.yaml"));
        ClusterRole clusterWide = (ClusterRole) only(RBAC.resolve("cluster/cluster_role.yaml"));
        assertThat(clusterWide.getRules()).isEqualTo(namespaced.getRules());

        // another account, so that the other tests' one keeps its few rights
        String account = "everywhere";
        ClusterRoleBinding binding = (ClusterRoleBinding) only(RBAC.resolve("cluster/cluster_role_binding.yaml"));
        binding.getSubjects().getFirst().setName(account);
        cluster.server().apply(clusterWide);
        cluster.server().apply(binding);

        assertThat(allowed(account, cluster.server().namespace("rbac-any")))
                .containsExactlyInAnyOrderElementsOf(IN_A_WATCHED_NAMESPACE);
    }

    private static HasMetadata only(Path file) {
        List<HasMetadata> objects = cluster.read(file);
        assertThat(objects).as(file.toString()).hasSize(1);
        return objects.getFirst();
    }

    private static List<String> allowed(String account, String namespace) {
        return RESOURCES.stream()
                .flatMap(resource -> VERBS.stream()
                        .filter(verb -> may(account, verb, namespace, resource, null))
                        .map(verb -> verb + " " + resource))
                .toList();
    }

    private static boolean mayUseLease(String verb, String name) {
        return may(OPERATOR, verb, SYSTEM, "coordination.k8s.io/leases", name);
    }

    /** @param resource {@code group/resource} or {@code group/resource/subresource}; the core group is empty */
    private static boolean may(String account, String verb, String namespace, String resource, @Nullable String name) {
        List<String> parts =
                Stream.concat(Stream.of(resource.split("/", 3)), Stream.of("")).toList();
        SubjectAccessReview review = new SubjectAccessReviewBuilder()
                .withNewSpec()
                .withUser("system:serviceaccount:" + SYSTEM + ":" + account)
                .withGroups("system:serviceaccounts", "system:serviceaccounts:" + SYSTEM, "system:authenticated")
                .withNewResourceAttributes()
                .withVerb(verb)
                .withNamespace(namespace)
                .withGroup(parts.get(0))
                .withResource(parts.get(1))
                .withSubresource(parts.get(2))
                .withName(name)
                .endResourceAttributes()
                .endSpec()
                .build();
        return cluster.client().resource(review).create().getStatus().getAllowed();
    }
}

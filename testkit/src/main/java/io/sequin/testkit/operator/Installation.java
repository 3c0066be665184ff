package io.sequin.testkit.operator;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.sequin.testkit.kube.ApiServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Puts CRDs and rights into a cluster, from the files that users apply.
 *
 * @param config the project's {@code config} folder
 */
public record Installation(KubernetesClient admin, Path config) {
    private static final PatchContext APPLY = new PatchContext.Builder()
            .withPatchType(PatchType.SERVER_SIDE_APPLY)
            .withFieldManager("sequin-testkit")
            .withForce(true)
            .build();

    /** Applies the CRDs and waits until the API server serves them. */
    public void crds() {
        for (HasMetadata crd : documents("crd")) {
            apply(crd);
            admin.resources(CustomResourceDefinition.class)
                    .withName(crd.getMetadata().getName())
                    .waitUntilCondition(ApiServer::isEstablished, 30, TimeUnit.SECONDS);
        }
    }

    /**
     * Applies the rights of {@code config/rbac} for an operator that lives in, and watches, this namespace alone. Rights
     * on the whole cluster are left out.
     *
     * @return name of the ServiceAccount
     */
    public String rights(String namespace) {
        String account = "";
        for (HasMetadata document : Stream.of("rbac/operator", "rbac/namespaced")
                .flatMap(folder -> documents(folder).stream())
                .toList()) {
            if (document instanceof ClusterRole || document instanceof ClusterRoleBinding) {
                continue;
            }
            document.getMetadata().setNamespace(namespace);
            if (document instanceof RoleBinding binding) {
                binding.getSubjects().forEach(subject -> subject.setNamespace(namespace));
            }
            if (document.getKind().equals("ServiceAccount")) {
                account = document.getMetadata().getName();
            }
            apply(document);
        }
        if (account.isEmpty()) {
            throw new IllegalStateException("config/rbac has no ServiceAccount");
        }
        return account;
    }

    private void apply(HasMetadata document) {
        admin.resource(document).patch(APPLY);
    }

    /** The documents of every YAML file in a folder below {@code config}, but kustomize's own, by name of the file. */
    public List<HasMetadata> documents(String folder) {
        try (Stream<Path> files = Files.list(config.resolve(folder))) {
            return files.filter(f -> f.toString().endsWith(".yaml"))
                    .filter(f -> !f.endsWith("kustomization.yaml"))
                    .sorted()
                    .flatMap(f -> parse(f).stream())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The documents of a YAML file; kinds the client does not know come as generic resources. */
    public List<HasMetadata> parse(Path file) {
        try (InputStream text = Files.newInputStream(file)) {
            return admin.load(text).items();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A custom resource of ours by kind, for reading its status without the operator's classes. */
    public static GenericKubernetesResource read(KubernetesClient client, String kind, String namespace, String name) {
        return client.genericKubernetesResources("sequin.io/v1alpha1", kind)
                .inNamespace(namespace)
                .withName(name)
                .get();
    }
}

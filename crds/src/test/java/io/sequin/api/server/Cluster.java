package io.sequin.api.server;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.FieldValidateable;
import io.sequin.testkit.kube.ApiServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The shared API server with the committed CRDs, and one namespace of it. */
final class Cluster {
    /** The folder config of the repository; tests run in the module's folder. */
    static final Path CONFIG = Path.of("..", "config");

    private final ApiServer server;
    private final String namespace;

    private Cluster(ApiServer server, String namespace) {
        this.server = server;
        this.namespace = namespace;
    }

    static Cluster withNamespace(String prefix) {
        ApiServer server = WithCrds.SERVER;
        return new Cluster(server, server.namespace(prefix));
    }

    ApiServer server() {
        return server;
    }

    KubernetesClient client() {
        return server.admin();
    }

    String namespace() {
        return namespace;
    }

    /** The objects of a YAML file, as anybody's client would send them: fields that the API doesn't know included. */
    List<HasMetadata> read(Path yaml) {
        try (InputStream text = Files.newInputStream(yaml)) {
            return client().load(text).items();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + yaml, e);
        }
    }

    /** One object from YAML text. */
    HasMetadata parse(String yaml) {
        return client().load(new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)))
                .items()
                .getFirst();
    }

    /** Creates it in the namespace; unknown and repeated fields are errors. */
    HasMetadata create(HasMetadata object) {
        return client().resource(object)
                .inNamespace(namespace)
                .fieldValidation(FieldValidateable.Validation.STRICT)
                .create();
    }

    /** Replaces an object that {@link #create} made; unknown and repeated fields are errors. */
    HasMetadata replace(HasMetadata created, HasMetadata by) {
        by.getMetadata().setResourceVersion(created.getMetadata().getResourceVersion());
        return client().resource(by)
                .inNamespace(namespace)
                .fieldValidation(FieldValidateable.Validation.STRICT)
                .update();
    }

    /** The object as the server has it now, with every field. */
    GenericKubernetesResource get(String kind, String name) {
        return client().genericKubernetesResources("sequin.io/v1alpha1", kind)
                .inNamespace(namespace)
                .withName(name)
                .require();
    }

    /** Applied once in the JVM. */
    private static final class WithCrds {
        static final ApiServer SERVER = start();

        private static ApiServer start() {
            ApiServer server = ApiServer.shared();
            server.apply(CONFIG.resolve("crd/sequin.io_destinations.yaml"));
            server.apply(CONFIG.resolve("crd/sequin.io_syncs.yaml"));
            return server;
        }
    }
}

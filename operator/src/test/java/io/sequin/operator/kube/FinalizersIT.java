package io.sequin.operator.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.sequin.api.v1alpha1.DestinationRef;
import io.sequin.api.v1alpha1.SecretKeyRef;
import io.sequin.api.v1alpha1.SequinSerialization;
import io.sequin.api.v1alpha1.StripeSource;
import io.sequin.api.v1alpha1.Sync;
import io.sequin.api.v1alpha1.SyncSource;
import io.sequin.api.v1alpha1.SyncSpec;
import io.sequin.testkit.kube.ApiServer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Finalizers on a real API server, where others change the object at the same time. */
class FinalizersIT {
    private static final String OURS = Finalizers.DELETE_DATA;

    private final ApiServer server = ApiServer.shared();
    private final String namespace = server.namespace("finalizers");
    private final KubernetesClient client = new KubernetesClientBuilder()
            .withConfig(new ConfigBuilder(Config.fromKubeconfig(server.kubeconfig()))
                    .withNoProxy("127.0.0.1")
                    .build())
            .withKubernetesSerialization(SequinSerialization.create())
            .build();
    private final Finalizers finalizers = new Finalizers(client);

    FinalizersIT() {
        server.apply(Path.of("../config/crd/sequin.io_syncs.yaml"));
    }

    @AfterEach
    void stop() {
        client.close();
    }

    private Sync create() {
        Sync sync = new Sync();
        sync.getMetadata().setNamespace(namespace);
        sync.getMetadata().setName("s");
        sync.setSpec(new SyncSpec(
                new DestinationRef("d"),
                "s",
                new SyncSource(new StripeSource(new SecretKeyRef("stripe", "api-key"), null, null)),
                null,
                null,
                null,
                null,
                null,
                null));
        return client.resource(sync).create();
    }

    private Resource<Sync> at() {
        return client.resources(Sync.class).inNamespace(namespace).withName("s");
    }

    @Test
    void itComesAndGoesAndTheSpecStays() {
        Sync sync = create();
        assertThat(finalizers.add(sync, OURS)).isTrue();
        assertThat(at().get().getMetadata().getFinalizers()).containsExactly(OURS);
        assertThat(finalizers.add(sync, OURS)).isTrue();
        finalizers.remove(at().get(), OURS);
        assertThat(at().get().getMetadata().getFinalizers()).isEmpty();
        assertThat(at().get().getSpec()).isEqualTo(sync.getSpec());
        assertThat(at().get().getMetadata().getGeneration()).isEqualTo(1);
    }

    @Test
    void anObjectReadLongAgoLosesNothingThatOthersSetSince() {
        Sync stale = create();
        at().edit(s -> {
            s.addFinalizer("example.com/theirs");
            return s;
        });
        assertThat(finalizers.add(stale, OURS)).isTrue();
        assertThat(at().get().getMetadata().getFinalizers()).containsExactly("example.com/theirs", OURS);
        Sync read = at().get();
        at().edit(s -> {
            s.addFinalizer("example.com/later");
            return s;
        });
        finalizers.remove(read, OURS);
        assertThat(at().get().getMetadata().getFinalizers()).containsExactly("example.com/theirs", "example.com/later");
        at().edit(s -> {
            s.getMetadata().getFinalizers().clear();
            return s;
        });
    }

    @Test
    void aDeletedObjectIsNotBroughtBack() {
        create();
        at().edit(s -> {
            s.addFinalizer("example.com/theirs");
            return s;
        });
        Sync deleted = at().get();
        at().edit(s -> {
            s.getMetadata().getFinalizers().clear();
            return s;
        });
        at().delete();
        assertThat(finalizers.add(deleted, OURS)).isFalse();
        finalizers.remove(deleted, "example.com/theirs");
        assertThat(at().get()).isNull();
    }

    @Test
    void anObjectMadeAgainUnderTheSameNameIsAnother() {
        Sync first = create();
        at().delete();
        create();
        assertThat(finalizers.add(first, OURS)).isFalse();
        assertThat(at().get().getMetadata().getFinalizers()).isEmpty();
    }

    @Test
    void anObjectThatIsBeingDeletedGetsNoMore() {
        Sync sync = create();
        at().edit(s -> {
            s.addFinalizer("example.com/theirs");
            return s;
        });
        at().delete();
        assertThat(finalizers.add(sync, OURS)).isFalse();
        finalizers.remove(at().get(), "example.com/theirs");
        assertThat(at().get()).isNull();
    }
}

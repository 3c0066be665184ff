package io.sequin.app;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets go of the Lease, so that the next leader need not wait until it runs out. JOSDK does not do it. */
final class LeaseRelease {
    private static final Logger LOG = LoggerFactory.getLogger(LeaseRelease.class);
    private static final int TRIES = 3;

    private final KubernetesClient client;
    private final String namespace;
    private final String name;
    private final String identity;

    LeaseRelease(KubernetesClient client, String namespace, String name, String identity) {
        this.client = client;
        this.namespace = namespace;
        this.name = name;
        this.identity = identity;
    }

    /** Releases the Lease if it is ours; a failure only costs the next leader time. */
    void release() {
        for (int i = 0; i < TRIES; i++) {
            try {
                releaseOnce();
                return;
            } catch (KubernetesClientException e) {
                if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
                    LOG.warn("the Lease could not be released: HTTP {} {}", e.getCode(), e.getMessage());
                    return;
                }
            }
        }
        LOG.warn("the Lease could not be released: it kept changing");
    }

    private void releaseOnce() {
        Lease lease = client.leases().inNamespace(namespace).withName(name).get();
        if (lease == null || !identity.equals(lease.getSpec().getHolderIdentity())) {
            return;
        }
        Lease free = new LeaseBuilder(lease)
                .editSpec()
                .withHolderIdentity("")
                .withLeaseDurationSeconds(1)
                .endSpec()
                .build();
        client.leases().inNamespace(namespace).resource(free).update();
        LOG.info("the Lease is released");
    }
}

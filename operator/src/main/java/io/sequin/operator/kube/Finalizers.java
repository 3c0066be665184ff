package io.sequin.operator.kube;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.sequin.data.ResourceKey;
import java.net.HttpURLConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;

/**
 * Adds and removes finalizers by a merge patch of exactly the version that was read: it can't bring a deleted object
 * back, as an apply would, and loses no finalizer that others set meanwhile.
 */
public final class Finalizers {
    /** On a Sync whose data is dropped with it. */
    public static final String DELETE_DATA = "sequin.io/delete-data";
    /** On a Destination that Syncs use. */
    public static final String IN_USE = "sequin.io/in-use";

    private static final int ATTEMPTS = 5;

    private final KubernetesClient client;

    public Finalizers(KubernetesClient client) {
        this.client = client;
    }

    /**
     * Makes sure that the finalizer is there.
     *
     * @return false where it can't be: the resource is gone, made again, or being deleted
     * @throws KubernetesClientException where the API server did not take it; to be tried again
     */
    public <R extends HasMetadata> boolean add(R resource, String finalizer) {
        return change(resource, present -> {
            List<String> more = new ArrayList<>(present);
            more.add(finalizer);
            return present.contains(finalizer) ? present : more;
        });
    }

    /**
     * Makes sure that the finalizer is not there.
     *
     * @throws KubernetesClientException where the API server did not take it; to be tried again
     */
    public <R extends HasMetadata> void remove(R resource, String finalizer) {
        change(
                resource,
                present ->
                        present.stream().filter(name -> !name.equals(finalizer)).toList());
    }

    private <R extends HasMetadata> boolean change(R read, UnaryOperator<List<String>> wanted) {
        ResourceKey key = Resources.key(read);
        Resource<R> at = client.resource(read);
        R now = read;
        for (int attempt = 1; ; attempt++) {
            List<String> present = now.getMetadata().getFinalizers();
            List<String> next = wanted.apply(present);
            if (next.equals(present)) {
                return true;
            }
            if (now.isMarkedForDeletion() && next.size() > present.size()) {
                return false;
            }
            try {
                at.patch(PatchContext.of(PatchType.JSON_MERGE), patch(now, next));
                return true;
            } catch (KubernetesClientException e) {
                if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
                    return false;
                }
                if (e.getCode() != HttpURLConnection.HTTP_CONFLICT || attempt == ATTEMPTS) {
                    throw e;
                }
            }
            R fresh = at.get();
            if (fresh == null || !Resources.key(fresh).equals(key)) {
                return false;
            }
            now = fresh;
        }
    }

    private static String patch(HasMetadata now, List<String> finalizers) {
        ObjectNode metadata = JsonNodeFactory.instance.objectNode();
        metadata.put("resourceVersion", Objects.requireNonNull(now.getMetadata().getResourceVersion()));
        finalizers.forEach(metadata.putArray("finalizers")::add);
        return JsonNodeFactory.instance.objectNode().set("metadata", metadata).toString();
    }
}

package io.sequin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;

/** How the Kubernetes client reads and writes objects of this API. */
public final class SequinSerialization {
    private SequinSerialization() {}

    /**
     * A serialization that takes objects from a later version of the API: enum values it doesn't know become the
     * enum's default constant, fields it doesn't know are skipped. The client's own one throws, and one such object
     * then stops the watch for all of them.
     *
     * <p>It leaves {@code metadata.managedFields} out, which nobody here reads: half of all memory with many Syncs. What is
     * not sent stays as it is at the API server.
     *
     * <p>It knows the kinds that are asked for by their class, and the API server's errors; the client's own loads every
     * kind that Kubernetes has, 500 classes, to recognise one by its name.
     */
    public static KubernetesSerialization create() {
        ObjectMapper mapper =
                new ObjectMapper().enable(DeserializationFeature.READ_UNKNOWN_ENUM_VALUES_USING_DEFAULT_VALUE);
        mapper.addMixIn(ObjectMeta.class, WithoutManagedFields.class);
        KubernetesSerialization serialization = new KubernetesSerialization(mapper, false);
        serialization.registerKubernetesResource(Status.class);
        return serialization;
    }

    @JsonIgnoreProperties("managedFields")
    private interface WithoutManagedFields {}
}

package io.sequin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ObjectMeta;
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
     */
    public static KubernetesSerialization create() {
        ObjectMapper mapper =
                new ObjectMapper().enable(DeserializationFeature.READ_UNKNOWN_ENUM_VALUES_USING_DEFAULT_VALUE);
        mapper.addMixIn(ObjectMeta.class, WithoutManagedFields.class);
        return new KubernetesSerialization(mapper, true);
    }

    @JsonIgnoreProperties("managedFields")
    private interface WithoutManagedFields {}
}

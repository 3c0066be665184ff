package io.sequin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;

/** What becomes of the data in the database when a {@link Sync} is deleted. */
public enum DeletionPolicy {
    /** It stays. */
    @JsonProperty("Retain")
    RETAIN,
    /** Our tables are dropped; what others made stays. */
    @JsonProperty("Delete")
    DELETE,
    /** A value that a later version of the API added; never written, and not part of the CRD. */
    @JsonIgnore
    @JsonEnumDefaultValue
    UNKNOWN
}

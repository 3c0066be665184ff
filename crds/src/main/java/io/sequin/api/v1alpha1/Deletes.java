package io.sequin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;

/** What becomes of a row that the source deleted. */
public enum Deletes {
    /** It is deleted. */
    @JsonProperty("Hard")
    HARD,
    /** It stays, with the time of its deletion in {@code _sync_deleted_at}. */
    @JsonProperty("Soft")
    SOFT,
    /** A value that a later version of the API added; never written, and not part of the CRD. */
    @JsonIgnore
    @JsonEnumDefaultValue
    UNKNOWN
}

package io.sequin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;

/** What becomes of a column that the source offers and a table that is there does not have. */
public enum NewColumns {
    /** It is added, and filled from what was kept in {@code _sync_extra}. */
    @JsonProperty("Add")
    ADD,
    /** It is not added; its values are kept in {@code _sync_extra}. */
    @JsonProperty("Ignore")
    IGNORE,
    /** A value that a later version of the API added; never written, and not part of the CRD. */
    @JsonIgnore
    @JsonEnumDefaultValue
    UNKNOWN
}

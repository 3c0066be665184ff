package io.sequin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;

/** How the connection to Postgres is protected; libpq's names and meaning. */
public enum TlsMode {
    /** No TLS. */
    @JsonProperty("disable")
    DISABLE,
    /** TLS with a certificate from a trusted authority that names the host. */
    @JsonProperty("verify-full")
    VERIFY_FULL,
    /** A value that a later version of the API added; never written, and not part of the CRD. */
    @JsonIgnore
    @JsonEnumDefaultValue
    UNKNOWN
}

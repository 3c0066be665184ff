package io.sequin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;

/** How the connection to Postgres is protected; libpq's names and meaning. */
public enum TlsMode {
    /** No TLS. */
    @JsonProperty("disable")
    DISABLE,
    /** Without TLS; with TLS where the server refuses that. */
    @JsonProperty("allow")
    ALLOW,
    /** With TLS; without it where the server offers none, or TLS or the login over it fails. */
    @JsonProperty("prefer")
    PREFER,
    /** TLS; the certificate is checked only where authorities are given. */
    @JsonProperty("require")
    REQUIRE,
    /** TLS with a certificate from a given authority. */
    @JsonProperty("verify-ca")
    VERIFY_CA,
    /** TLS with a certificate from a trusted authority that names the host. */
    @JsonProperty("verify-full")
    VERIFY_FULL,
    /** A value that a later version of the API added; never written, and not part of the CRD. */
    @JsonIgnore
    @JsonEnumDefaultValue
    UNKNOWN
}

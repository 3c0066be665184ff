package io.sequin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** TLS of the connection to Postgres. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "!has(self.mode) || self.mode != 'verify-ca' || has(self.caFrom)",
        message = "mode verify-ca needs caFrom, the authority that must have issued the server's certificate: set"
                + " caFrom, or mode verify-full, which also checks the host and so may trust public authorities",
        fieldPath = ".mode")
@ValidationRule(
        value = "!has(self.caFrom) || !has(self.mode) || self.mode != 'disable'",
        message = "caFrom has no effect with mode disable: remove caFrom, or set mode to verify-full",
        fieldPath = ".caFrom")
public record Tls(
        @JsonPropertyDescription(
                "How the connection is protected, with libpq's names and meaning. verify-full: TLS with a certificate"
                        + " of a trusted authority for this host. verify-ca: of the authority in caFrom, for whatever"
                        + " host. require: TLS; without caFrom anybody could pose as the server, with caFrom the same"
                        + " as verify-ca. prefer: TLS, or no TLS where that fails; protects from nothing. allow: no"
                        + " TLS unless the server insists. disable: no TLS. Absent means verify-full.")
        @Nullable
        TlsMode mode,

        @JsonPropertyDescription(
                "The authorities that may have issued the server's certificate, and no others. Absent means the"
                        + " operator's own trust store for verify-full, and no check for the weaker modes.")
        @Nullable
        CaSource caFrom) {

    /** The mode to use; {@link TlsMode#VERIFY_FULL} unless the manifest says otherwise. */
    public TlsMode effectiveMode() {
        return Objects.requireNonNullElse(mode, TlsMode.VERIFY_FULL);
    }
}

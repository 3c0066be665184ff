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
        value = "!has(self.caFrom) || !has(self.mode) || self.mode != 'disable'",
        message = "caFrom has no effect with mode disable: remove caFrom, or set mode to verify-full",
        fieldPath = ".caFrom")
public record Tls(
        @JsonPropertyDescription(
                "How the connection is protected, in libpq's words: verify-full (TLS, and the certificate is checked"
                        + " and names the host) or disable (no TLS). Absent means verify-full.")
        @Nullable
        TlsMode mode,

        @JsonPropertyDescription(
                "The authorities whose certificates are trusted. Absent means the operator's own trust store.")
        @Nullable
        CaSource caFrom) {

    /** The mode to use; {@link TlsMode#VERIFY_FULL} unless the manifest says otherwise. */
    public TlsMode effectiveMode() {
        return Objects.requireNonNullElse(mode, TlsMode.VERIFY_FULL);
    }
}

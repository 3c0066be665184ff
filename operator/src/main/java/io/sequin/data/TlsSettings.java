package io.sequin.data;

import java.util.Optional;

/**
 * TLS to Postgres.
 *
 * @param ca where the PEM bundle of trusted authorities is kept; empty: the JVM's trust store for
 *     {@link TlsMode#VERIFY_FULL}, no check of the certificate for the others
 */
public record TlsSettings(TlsMode mode, Optional<CredentialRef> ca) {
    public TlsSettings {
        if (mode == TlsMode.VERIFY_CA && ca.isEmpty()) {
            // any certificate of any public authority would do: no protection at all
            throw new IllegalArgumentException("verify-ca needs authorities");
        }
    }
}

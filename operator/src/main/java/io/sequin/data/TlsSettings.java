package io.sequin.data;

import java.util.Optional;

/**
 * TLS to Postgres.
 *
 * @param ca where the PEM bundle of trusted authorities is kept; empty: the JVM's trust store
 */
public record TlsSettings(TlsMode mode, Optional<CredentialRef> ca) {}

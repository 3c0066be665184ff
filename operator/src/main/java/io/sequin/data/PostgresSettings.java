package io.sequin.data;

/**
 * How the user's database is reached. Holds references, never secrets, so that a rotated password does not change it.
 *
 * @param maxConnections most connections held open at once by this process for all that use equal settings together,
 *     verification included
 */
public record PostgresSettings(
        HostPort address,
        String database,
        CredentialRef username,
        CredentialRef password,
        TlsSettings tls,
        int maxConnections) {}

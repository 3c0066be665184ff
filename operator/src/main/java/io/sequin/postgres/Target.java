package io.sequin.postgres;

import io.sequin.data.CredentialRef;
import io.sequin.data.HostPort;
import io.sequin.data.PostgresSettings;
import io.sequin.data.TlsMode;

/**
 * What a connection was meant for, to word its failures. No secret.
 *
 * @param password where the password is kept
 * @param lineBreak whether user name or password end with a line break, the usual slip with Secrets made from files
 */
record Target(
        HostPort address,
        String database,
        String user,
        TlsMode mode,
        Transport transport,
        CredentialRef password,
        boolean lineBreak) {
    static Target of(PostgresSettings settings, Login login, Transport transport) {
        String user = login.username().reveal();
        return new Target(
                settings.address(),
                settings.database(),
                user.strip(),
                settings.tls().mode(),
                transport,
                settings.password(),
                user.endsWith("\n") || login.password().reveal().endsWith("\n"));
    }

    String shownUser() {
        return '"' + user + '"';
    }

    String shownDatabase() {
        return '"' + database + '"';
    }
}

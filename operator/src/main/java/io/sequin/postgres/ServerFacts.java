package io.sequin.postgres;

/**
 * What a server says about itself and about us, at one moment.
 *
 * @param versionNumber as {@code server_version_num}: 160004 is 16.4
 * @param user the role that we work as
 * @param standby the server is in recovery
 * @param readOnly transactions are read-only, by the server, the database or the role
 * @param readOnlySetBy where {@code default_transaction_read_only} comes from, in the words of {@code pg_settings.source}
 * @param bypassesRowSecurity the role has BYPASSRLS
 * @param databaseOwner the role that owns the database and so may grant on it
 * @param mayConnect CONNECT on the database
 * @param mayCreate CREATE on the database: schemas may be created
 * @param spareRole a name for a role with fewer rights
 * @param spareRoleExists whether a role of that name exists already
 */
public record ServerFacts(
        int versionNumber,
        Link link,
        String user,
        boolean standby,
        boolean readOnly,
        String readOnlySetBy,
        boolean superuser,
        boolean bypassesRowSecurity,
        String database,
        String databaseOwner,
        boolean mayConnect,
        boolean mayCreate,
        String spareRole,
        boolean spareRoleExists) {

    /** Such as {@code 16.4}, or {@code 9.6.24} before 10. */
    public String version() {
        return versionNumber >= 100_000
                ? versionNumber / 10_000 + "." + versionNumber % 10_000
                : versionNumber / 10_000 + "." + versionNumber / 100 % 100 + "." + versionNumber % 100;
    }
}

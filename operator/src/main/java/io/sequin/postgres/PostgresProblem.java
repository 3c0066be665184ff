package io.sequin.postgres;

import io.sequin.data.ProblemCode;
import io.sequin.data.Remedy;

/** What can be wrong with the user's Postgres. */
public enum PostgresProblem implements ProblemCode {
    /** The host name does not resolve where the operator runs: check {@code spec.postgres.host}. */
    HOST_NOT_FOUND("HostNotFound", Remedy.WAITING),
    /** Nothing listens at host and port, or a firewall refuses: check both, and that the server runs. */
    CONNECTION_REFUSED("ConnectionRefused", Remedy.WAITING),
    /** The server does not answer in time: often a firewall or a network policy that drops packets, or a server under load. */
    CONNECTION_TIMEOUT("ConnectionTimeout", Remedy.TRANSIENT),
    /** The connection broke, or the server restarts. Work goes on from the last commit. */
    CONNECTION_LOST("ConnectionLost", Remedy.TRANSIENT),
    /** The server does not offer TLS: switch it on there, or set {@code spec.postgres.tls.mode} to {@code disable} in a network that may be trusted. */
    TLS_NOT_SUPPORTED("TLSNotSupported", Remedy.WAITING),
    /** The server takes connections with TLS only: set {@code spec.postgres.tls.mode} to {@code verify-full}. */
    TLS_REQUIRED("TLSRequired", Remedy.WAITING),
    /** The server's certificate was issued by an authority that is not trusted: put the authority's certificate into a Secret or ConfigMap, and name that in {@code spec.postgres.tls.caFrom}. */
    CERTIFICATE_UNTRUSTED("CertificateUntrusted", Remedy.WAITING),
    /** The server's certificate was not issued for this host: use a name that it contains, or another certificate. */
    CERTIFICATE_HOST_MISMATCH("CertificateHostMismatch", Remedy.WAITING),
    /** The server's certificate has expired or is not valid yet: renew it, or check the clocks. */
    CERTIFICATE_EXPIRED("CertificateExpired", Remedy.WAITING),
    /** What {@code spec.postgres.tls.caFrom} points to is no certificate in PEM form. */
    CA_INVALID("CAInvalid", Remedy.WAITING),
    /** The TLS handshake failed for another cause, such as no common version or cipher. */
    TLS_FAILED("TLSFailed", Remedy.WAITING),
    /** Postgres refuses the login (28P01): a wrong password, an unknown user, or an expired password; the server hides which. The message lists what to check. */
    AUTHENTICATION_FAILED("AuthenticationFailed", Remedy.WAITING),
    /** The server refuses this user, database or client address (28000): {@code pg_hba.conf} has no entry for it, or asks for another method. */
    NOT_ALLOWED_BY_HBA("NotAllowedByHBA", Remedy.WAITING),
    /** The server has no such database: check {@code spec.postgres.database}, or create it. */
    DATABASE_NOT_FOUND("DatabaseNotFound", Remedy.WAITING),
    /** The database is closed for connections: open it by the SQL of {@code status.instructions}. */
    DATABASE_CLOSED("DatabaseClosed", Remedy.WAITING),
    /** All connections are in use: the server's, those of the role or the database, or {@code spec.postgres.maxConnections}. The message says which, {@code status.instructions} has the SQL. */
    TOO_MANY_CONNECTIONS("TooManyConnections", Remedy.TRANSIENT),
    /** The server is starting up, shutting down, or recovering after a crash. */
    SERVER_STARTING("ServerStarting", Remedy.TRANSIENT),
    /** The server is older than PostgreSQL 10. */
    UNSUPPORTED_VERSION("UnsupportedVersion", Remedy.WAITING),
    /** The server takes no writes: it is a standby, or {@code default_transaction_read_only} is on. Use the address of the primary, or switch it off where it was set. */
    READ_ONLY("ReadOnly", Remedy.WAITING),
    /** The user lacks rights on the database, the schema or a table: run the SQL of {@code status.instructions}. */
    MISSING_GRANTS("MissingGrants", Remedy.WAITING),
    /** A warning that blocks nothing: the user is a superuser or bypasses row security. {@code status.instructions} has the SQL for a user with fewer rights. */
    OVER_PRIVILEGED("OverPrivileged", Remedy.WAITING),
    /** The server's disk is full: free space or enlarge it. Work goes on from the last commit. */
    DISK_FULL("DiskFull", Remedy.WAITING),
    /** Another session holds a lock for too long, such as CREATE INDEX without CONCURRENTLY: {@code pg_locks} and {@code pg_stat_activity} show which. Where it is on a table, that table alone waits, and catches up once the lock is gone. */
    LOCK_TIMEOUT("LockTimeout", Remedy.TRANSIENT),
    /** A statement took too long, or somebody cancelled it. Where the message names a table, that table alone stands still, and it is tried again with fewer rows at a time: look for triggers on it, and for foreign keys that refer to it from a column without an index. */
    STATEMENT_TIMEOUT("StatementTimeout", Remedy.TRANSIENT),
    /** A concurrent change or a deadlock got in the way. */
    SERIALIZATION("SerializationConflict", Remedy.TRANSIENT),
    /** Another writer took the schema after us: it is taken back, and work goes on from what is there. If this comes again and again, two operators work on the same Sync, such as one in a copy of the cluster: stop one. */
    FENCED_OUT("FencedOut", Remedy.TRANSIENT),
    /** The schema holds the data of another account of the source than the one that answers now: shown as the source's {@code AccountChanged}. */
    ACCOUNT_CHANGED("AccountChanged", Remedy.WAITING),
    /** The schema belongs to another Sync, which the message names: delete this one and create it with another {@code spec.schema}. */
    SCHEMA_CONFLICT("SchemaConflict", Remedy.INVALID),
    /** The schema is not empty and carries no mark of this operator: move what is in it, or delete the Sync and create it with another {@code spec.schema}. */
    SCHEMA_NOT_OWNED("SchemaNotOwned", Remedy.INVALID),
    /** A table of somebody else has the name of a table of the source, or a table of ours was given to another role: move it, or give it back by the SQL of {@code status.instructions}. */
    TABLE_CONFLICT("TableConflict", Remedy.WAITING),
    /** A table of ours was altered so that Postgres refuses to write it: its primary key or a column of that was dropped, row-level security or a rule was put on it, it is published without a replica identity. Or it was made unlogged: Postgres would write it, and lose all of it in a crash. That table alone stands still; it goes on by itself, without loss, once the SQL of {@code status.instructions} has run. */
    TABLE_ALTERED("TableAltered", Remedy.WAITING),
    /** The schema was written by a newer version of this operator: upgrade the operator. */
    NEWER_FORMAT("NewerFormat", Remedy.WAITING),
    /** The schema, or what says how far the sync had come, is gone from the database: nothing is written. Restore it, or set {@code spec.resync.token} to a new value, and it is made anew and filled from the start. A single table that is gone is made and filled again by itself. */
    STORAGE_MISSING("StorageMissing", Remedy.WAITING),
    /** Postgres refuses a record that can't be set aside, or what was added to the table refuses it. */
    RECORD_REJECTED("RecordRejected", Remedy.WAITING),
    /** The source sends another type than a column has, and the column can't be altered without a person: its table is large, or views depend on it. Values that don't fit are kept in {@code _sync_extra}; {@code status.instructions} has the SQL. */
    TYPE_DRIFT("TypeDrift", Remedy.WAITING),
    /** A foreign key between two synced tables deletes or changes rows that are there at the source ({@code ON DELETE CASCADE}, {@code SET NULL} or {@code SET DEFAULT}): drop it by the SQL of {@code status.instructions}, then set {@code spec.resync.token} to a new value. */
    DELETES_CASCADE("DeletesCascade", Remedy.WAITING),
    /** A large table lost the index by which the rows of a parent are found: it works, slowly. {@code status.instructions} has the SQL that builds the index while the table is written. */
    INDEX_MISSING("IndexMissing", Remedy.WAITING),
    /** Postgres refuses more than 1 % of a batch's records for a table, and more than 100: that is no matter of single records, so nothing of the batch is written. See the message for the first one's cause. */
    MASS_REJECTION("MassRejection", Remedy.WAITING),
    /** A trigger on a table, made by somebody, keeps rows of the source from being written without an error: the table goes on without them. Once it is dropped, set {@code spec.resync.token} to a new value to have them. */
    ROWS_KEPT_OUT("RowsKeptOut", Remedy.WAITING),
    /** A constraint or trigger of the user's own refuses that a row is deleted: the message names it. Drop or relax it; the rows stay until then, and the delete is tried again. */
    DELETE_REFUSED("DeleteRefused", Remedy.WAITING),
    /** A full pass did not find a large part of a table's rows at the source, or rows that soft deletes marked are still there: nothing of it is deleted until {@code spec.deleteGuard.confirm} has the code that the message shows. */
    DELETES_NEED_CONFIRMATION("DeletesNeedConfirmation", Remedy.WAITING),
    /** Postgres refused a statement for another cause: see the server's log for the SQLSTATE in the message. */
    QUERY_FAILED("QueryFailed", Remedy.TRANSIENT);

    private final String reason;
    private final Remedy remedy;

    PostgresProblem(String reason, Remedy remedy) {
        this.reason = reason;
        this.remedy = remedy;
    }

    @Override
    public String reason() {
        return reason;
    }

    @Override
    public Remedy remedy() {
        return remedy;
    }
}

package io.sequin.postgres;

import io.sequin.data.ProblemCode;
import io.sequin.data.Remedy;

/** What can be wrong with the user's Postgres. */
public enum PostgresProblem implements ProblemCode {
    HOST_NOT_FOUND("HostNotFound", Remedy.WAITING),
    CONNECTION_REFUSED("ConnectionRefused", Remedy.WAITING),
    CONNECTION_TIMEOUT("ConnectionTimeout", Remedy.TRANSIENT),
    CONNECTION_LOST("ConnectionLost", Remedy.TRANSIENT),
    TLS_NOT_SUPPORTED("TLSNotSupported", Remedy.WAITING),
    TLS_REQUIRED("TLSRequired", Remedy.WAITING),
    CERTIFICATE_UNTRUSTED("CertificateUntrusted", Remedy.WAITING),
    CERTIFICATE_HOST_MISMATCH("CertificateHostMismatch", Remedy.WAITING),
    CERTIFICATE_EXPIRED("CertificateExpired", Remedy.WAITING),
    CA_INVALID("CAInvalid", Remedy.WAITING),
    TLS_FAILED("TLSFailed", Remedy.WAITING),
    /** 28P01: wrong password, unknown role or expired password; the server hides which. */
    AUTHENTICATION_FAILED("AuthenticationFailed", Remedy.WAITING),
    /** 28000: pg_hba.conf has no entry, or asks for another method. */
    NOT_ALLOWED_BY_HBA("NotAllowedByHBA", Remedy.WAITING),
    DATABASE_NOT_FOUND("DatabaseNotFound", Remedy.WAITING),
    TOO_MANY_CONNECTIONS("TooManyConnections", Remedy.TRANSIENT),
    SERVER_STARTING("ServerStarting", Remedy.TRANSIENT),
    UNSUPPORTED_VERSION("UnsupportedVersion", Remedy.WAITING),
    READ_ONLY("ReadOnly", Remedy.WAITING),
    MISSING_GRANTS("MissingGrants", Remedy.WAITING),
    OVER_PRIVILEGED("OverPrivileged", Remedy.WAITING),
    DISK_FULL("DiskFull", Remedy.WAITING),
    LOCK_TIMEOUT("LockTimeout", Remedy.TRANSIENT),
    STATEMENT_TIMEOUT("StatementTimeout", Remedy.TRANSIENT),
    SERIALIZATION("SerializationConflict", Remedy.TRANSIENT),
    /** Another writer took the schema after us. */
    FENCED_OUT("FencedOut", Remedy.TRANSIENT),
    /** The schema holds the data of another account of the source than the one that answers now. */
    ACCOUNT_CHANGED("AccountChanged", Remedy.WAITING),
    /** The schema belongs to another Sync. */
    SCHEMA_CONFLICT("SchemaConflict", Remedy.INVALID),
    /** The schema is not empty and carries no mark of ours. */
    SCHEMA_NOT_OWNED("SchemaNotOwned", Remedy.INVALID),
    /** A table of somebody else has the name of a table of the source. */
    TABLE_CONFLICT("TableConflict", Remedy.WAITING),
    /** The state was written by a newer version of this operator. */
    NEWER_FORMAT("NewerFormat", Remedy.WAITING),
    /** Our state or table is not where it must be. */
    STORAGE_MISSING("StorageMissing", Remedy.TRANSIENT),
    /** Postgres refuses a value of a record. */
    RECORD_REJECTED("RecordRejected", Remedy.WAITING),
    /** A constraint or trigger of the user's own refuses that a row is deleted. */
    DELETE_REFUSED("DeleteRefused", Remedy.WAITING),
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

package io.sequin.source;

import io.sequin.data.ProblemCode;
import io.sequin.data.Remedy;

/** What can be wrong with a source. */
public enum SourceProblem implements ProblemCode {
    /** The settings of {@code spec.source} make no sense to the source: the message says which. */
    INVALID_CONFIGURATION("InvalidConfiguration", Remedy.INVALID),
    /** {@code spec.tables} names a table that the source does not have, or leaves no table: the message says which, and the nearest names. Nothing is read or written until it is corrected. */
    UNKNOWN_TABLE("UnknownTable", Remedy.INVALID),
    /** The key is wrong, revoked or expired: put a valid one into the Secret; it is picked up within seconds. */
    AUTHENTICATION_FAILED("AuthenticationFailed", Remedy.WAITING),
    /** The key lacks a right: the message names it. For one table only that table waits. */
    PERMISSION_DENIED("PermissionDenied", Remedy.WAITING),
    /** The account does not have the product that the table belongs to: nothing to do, it is looked for again each hour. To silence the message leave the table out by {@code spec.tables.exclude}. */
    NOT_OFFERED("NotOffered", Remedy.WAITING),
    /** The source asks to slow down, or the Sync's own {@code spec.rateLimit} is used up: the operator waits by itself. */
    RATE_LIMITED("RateLimited", Remedy.TRANSIENT),
    /** No connection, a time-out, or an answer cut short: check DNS, proxies and network policies if it lasts. */
    UNREACHABLE("SourceUnreachable", Remedy.TRANSIENT),
    /** The source answered with an error of its own (5xx): look at the source's status page if it lasts. */
    UNAVAILABLE("SourceUnavailable", Remedy.TRANSIENT),
    /** An answer that the source's documentation does not allow, such as a page of a proxy between. */
    UNEXPECTED_ANSWER("UnexpectedAnswer", Remedy.TRANSIENT),
    /** The operator was away for longer than the source remembers changes: run the SQL of {@code status.instructions}, then set {@code spec.suspend} to true and back to false. All tables are read again in place; rows that were deleted at the source meanwhile stay, unless {@code spec.resync.token} is set to a new value at the same time. */
    CURSOR_EXPIRED("CursorExpired", Remedy.WAITING),
    /** The key belongs to another account than the data in the schema, or to the other mode (test or live): put a key of that account back, or make a new Sync with another schema, or set {@code spec.resync.token} to a new value to have the tables filled from the other account. Until then nothing is written. */
    ACCOUNT_CHANGED("AccountChanged", Remedy.WAITING);

    private final String reason;
    private final Remedy remedy;

    SourceProblem(String reason, Remedy remedy) {
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

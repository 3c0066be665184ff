package io.sequin.source;

import io.sequin.data.ProblemCode;
import io.sequin.data.Remedy;

/** What can be wrong with a source. */
public enum SourceProblem implements ProblemCode {
    /** The settings make no sense to the source. */
    INVALID_CONFIGURATION("InvalidConfiguration", Remedy.INVALID),
    /** The key is wrong, revoked or expired. */
    AUTHENTICATION_FAILED("AuthenticationFailed", Remedy.WAITING),
    /** The key lacks a right. */
    PERMISSION_DENIED("PermissionDenied", Remedy.WAITING),
    /** The source asks us to slow down. */
    RATE_LIMITED("RateLimited", Remedy.TRANSIENT),
    /** No connection, a time-out, an answer cut short. */
    UNREACHABLE("SourceUnreachable", Remedy.TRANSIENT),
    /** The source answered with an error of its own (5xx). */
    UNAVAILABLE("SourceUnavailable", Remedy.TRANSIENT),
    /** An answer that the source's documentation does not allow. */
    UNEXPECTED_ANSWER("UnexpectedAnswer", Remedy.TRANSIENT),
    /** The checkpoint is older than what the source remembers. */
    CURSOR_EXPIRED("CursorExpired", Remedy.WAITING),
    /** The key belongs to another account than the data in the schema. */
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

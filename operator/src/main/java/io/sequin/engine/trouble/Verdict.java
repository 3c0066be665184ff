package io.sequin.engine.trouble;

import io.sequin.credentials.CredentialProblem;
import io.sequin.data.ProblemCode;
import io.sequin.postgres.PostgresProblem;
import io.sequin.source.SourceProblem;
import java.util.Set;

/** What follows from a failure. */
public enum Verdict {
    /** The lane tries again after its backoff. */
    RETRY,
    /** All memory is dropped; source and destination are opened again after a backoff. */
    REOPEN,
    /** The lane stops until it is woken or everything is opened again. */
    STOP;

    private static final Set<ProblemCode> OUTLIVING =
            Set.of(PostgresProblem.DISK_FULL, PostgresProblem.MISSING_GRANTS, PostgresProblem.QUERY_FAILED);

    /** After so many failures of the destination in a row, the session itself may be what is broken. */
    static final int REOPEN_AFTER = 3;

    /**
     * Decides; pure.
     *
     * @param failures of the lane in a row, this one included
     */
    public static Verdict of(Trouble trouble, int failures) {
        if (trouble.table().isPresent()) {
            return RETRY;
        }
        ProblemCode code = trouble.code();
        if (code instanceof SourceProblem s) {
            return atSource(s);
        }
        boolean memoryIsWrong = code == PostgresProblem.FENCED_OUT
                || code == PostgresProblem.STORAGE_MISSING
                || code instanceof CredentialProblem;
        boolean again = trouble.area() != Trouble.Area.SOURCE && failures >= REOPEN_AFTER;
        return memoryIsWrong || again ? REOPEN : RETRY;
    }

    /** Whether a trouble for which all is opened again need not be over when that has worked: opening writes next to nothing. */
    public static boolean mayOutliveOpening(Trouble trouble) {
        return OUTLIVING.contains(trouble.code());
    }

    /** With another credential it may be another account: opening asks for it before anything is written. */
    private static Verdict atSource(SourceProblem problem) {
        return switch (problem) {
            case AUTHENTICATION_FAILED, ACCOUNT_CHANGED, INVALID_CONFIGURATION, UNKNOWN_TABLE -> REOPEN;
            case CURSOR_EXPIRED -> STOP;
            case PERMISSION_DENIED, NOT_OFFERED, RATE_LIMITED, UNREACHABLE, UNAVAILABLE, UNEXPECTED_ANSWER -> RETRY;
        };
    }
}

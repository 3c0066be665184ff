package io.sequin.engine.trouble;

import io.sequin.credentials.CredentialProblem;
import io.sequin.data.ProblemCode;
import io.sequin.postgres.PostgresProblem;
import io.sequin.source.SourceProblem;

/** What follows from a failure. */
public enum Verdict {
    /** The lane tries again after its backoff. */
    RETRY,
    /** All memory is dropped; source and destination are opened again after a backoff. */
    REOPEN,
    /** The lane stops until it is woken or everything is opened again. */
    STOP;

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
        boolean memoryIsWrong = isOfMemory(code);
        boolean again = trouble.area() != Trouble.Area.SOURCE && failures >= REOPEN_AFTER;
        return memoryIsWrong || again ? REOPEN : RETRY;
    }

    private static boolean isOfMemory(ProblemCode code) {
        return code == PostgresProblem.FENCED_OUT
                || code == PostgresProblem.STORAGE_MISSING
                || code instanceof CredentialProblem;
    }

    /** Whether a trouble for which all is opened again need not be over when that has worked, as where the disk is full. */
    public static boolean mayOutliveOpening(Trouble trouble) {
        return trouble.area() != Trouble.Area.SOURCE && !isOfMemory(trouble.code());
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

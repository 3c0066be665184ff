package io.sequin.testkit.proxy;

import java.util.EnumSet;
import java.util.Set;

/** Where in a transaction a {@link TransactionProxy} ends the connection. */
public enum CutPoint {
    /** Nothing of it has reached the server. */
    BEFORE_BEGIN,
    /** Some of the data of a COPY has reached the server; for transactions that have one. */
    IN_COPY,
    /** All of it has reached the server but its COMMIT, which never will. */
    BEFORE_COMMIT,
    /** The server has committed; the client sees its connection reset instead of the answer. */
    COMMIT_UNANSWERED,
    /** The client sees its connection reset while its COMMIT is still on the way: the server gets it a while later. */
    COMMIT_LATE,
    /** The client has the answer and loses the connection at once. */
    AFTER_COMMIT;

    /** Those that are due when the client sends its COMMIT. */
    static final Set<CutPoint> AT_COMMIT = EnumSet.complementOf(EnumSet.of(BEFORE_BEGIN, IN_COPY));

    /** Those that every transaction has. */
    public static Set<CutPoint> ofEveryTransaction() {
        return EnumSet.complementOf(EnumSet.of(IN_COPY));
    }
}

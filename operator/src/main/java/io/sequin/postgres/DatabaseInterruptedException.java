package io.sequin.postgres;

import org.jspecify.annotations.Nullable;

/**
 * The calling thread was interrupted while it waited for Postgres. Not a {@link PostgresException}, so that it can't be
 * mistaken for trouble of the user's: nothing is to be reported, the loop is to stop. The thread's interrupt flag is set;
 * whoever can throws {@link InterruptedException} instead. A connection that was in use is closed.
 */
public final class DatabaseInterruptedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public DatabaseInterruptedException(@Nullable Throwable cause) {
        super("interrupted while waiting for Postgres", cause);
    }
}

package io.sequin.postgres.schema;

import io.sequin.postgres.PostgresException;

/**
 * The server refused the commit itself, so nothing was committed: something is checked only then, and does not hold. It
 * does not say of which table that is.
 */
public final class CommitRefusedException extends PostgresException {
    private static final long serialVersionUID = 1L;

    CommitRefusedException(PostgresException refused) {
        super(refused.problem(), refused.sqlState().orElse(null), refused);
    }
}

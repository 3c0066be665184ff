package io.sequin.postgres;

import java.sql.Connection;

/** One user's share of a bounded pool of connections to one database. Every failure is a {@link PostgresException}. */
public interface Database extends AutoCloseable {
    /**
     * A connection outside of any transaction state: auto-commit off, time-outs set. Closing it gives it back (an open
     * transaction is rolled back). Waits for a free one, at most the pool's time-out.
     *
     * @throws PostgresException classified from the SQLSTATE or the exception below
     */
    Connection connect();

    /** Throws a borrowed connection away: after any COPY error it must not be used again (pgjdbc #4328, #4331). */
    void discard(Connection connection);

    /** The server's major version, such as 15. Known after the first connection; connects if need be. */
    int majorVersion();

    /** The role that we log in as, as the server names it. */
    String user();

    /** Reads the credentials anew; where they changed, later connections use them and the old ones are let go. */
    void refreshCredentials();

    @Override
    void close();
}

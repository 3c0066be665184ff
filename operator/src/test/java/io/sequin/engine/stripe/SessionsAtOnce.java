package io.sequin.engine.stripe;

import io.sequin.testkit.postgres.PostgresServer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * Counts, every few milliseconds from here on until it is stopped, the sessions that a server has of a user, whatever
 * they are named and whatever they do.
 */
final class SessionsAtOnce implements AutoCloseable {
    private static final Duration PAUSE = Duration.ofMillis(2);

    private final Connection superuser;
    private final String user;
    private final AtomicBoolean over = new AtomicBoolean();
    private final FutureTask<Counted> counting = new FutureTask<>(this::count);

    /** What was seen: the most sessions at once, and how often was looked. */
    record Counted(int most, int looks) {}

    SessionsAtOnce(PostgresServer server, String user) throws SQLException {
        this.superuser = server.superuser(PostgresServer.SUPERUSER);
        this.user = user;
        Thread.ofPlatform().name("sessions-at-once").start(counting);
    }

    /** Looks no more, and tells what was seen. */
    Counted stop() throws InterruptedException, ExecutionException {
        over.set(true);
        return counting.get();
    }

    private Counted count() throws SQLException {
        int most = 0;
        int looks = 0;
        try (PreparedStatement question =
                superuser.prepareStatement("select count(*) from pg_stat_activity where usename = ?")) {
            question.setString(1, user);
            while (!over.get()) {
                try (ResultSet row = question.executeQuery()) {
                    row.next();
                    most = Math.max(most, row.getInt(1));
                    looks++;
                }
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
        return new Counted(most, looks);
    }

    @Override
    public void close() throws SQLException {
        over.set(true);
        superuser.close();
    }
}

package io.sequin.engine.stripe;

import static org.awaitility.Awaitility.await;

import io.sequin.testkit.postgres.PostgresServer;
import java.time.Duration;

/** What Syncs may leave on a server by mistake. */
final class LeftOpen {
    private static final Duration SOON = Duration.ofSeconds(60);

    private LeftOpen() {}

    /** Waits until each session of the Sync is idle and holds no lock, and no temporary table is there. */
    static void awaitNothing(StripeSync sync) {
        String sessions = "pg_stat_activity where usename = '" + sync.user() + "'";
        await("open transactions, locks, temporary tables")
                .atMost(SOON)
                .until(
                        () -> sync.value("select (select count(*) from " + sessions + " and state <> 'idle') || ' '"
                                + " || (select count(*) from pg_locks where pid in (select pid from " + sessions + "))"
                                + " || ' ' || (select count(*) from pg_class where relpersistence = 't')"),
                        "0 0 0"::equals);
    }

    /** Ends the Sync as the end of the operator's process does, and waits until the server has no session of it. */
    static void awaitNoSession(StripeSync sync) {
        sync.stop();
        awaitNoSession(sync.server, sync.user());
    }

    /** Waits until the server has no session of this user, whatever it is named and however it came. */
    static void awaitNoSession(PostgresServer server, String user) {
        UsersSession superuser = new UsersSession(server, PostgresServer.SUPERUSER);
        await("sessions that are left of " + user)
                .atMost(SOON)
                .until(
                        () -> superuser.value("select count(*) from pg_stat_activity where usename = '" + user + "'"),
                        "0"::equals);
    }
}

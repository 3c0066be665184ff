package io.sequin.engine.stripe;

import static org.awaitility.Awaitility.await;

import io.sequin.data.PostgresSettings;
import io.sequin.postgres.ServerInspection;
import io.sequin.postgres.TestLogin;
import io.sequin.postgres.Timeouts;
import io.sequin.testkit.postgres.PostgresServer;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Verifies a Destination again and again, each time when the server has noticed that the last one has hung up: in
 * production minutes lie between them.
 */
final class Verifying implements AutoCloseable {
    private final TestLogin login;
    private final PostgresSettings settings;
    private final UsersSession superuser;
    private final AtomicBoolean over = new AtomicBoolean();
    private final FutureTask<Integer> verifying = new FutureTask<>(this::verify);

    Verifying(TestLogin login, PostgresSettings settings) {
        this.login = login;
        this.settings = settings;
        this.superuser = new UsersSession(login.server, PostgresServer.SUPERUSER);
        Thread.ofVirtual().name("verifying").start(verifying);
    }

    /** Begins none any more, and tells how many there were. */
    int stop() throws InterruptedException, ExecutionException {
        over.set(true);
        return verifying.get();
    }

    private int verify() {
        ServerInspection verification = new ServerInspection(login.connector, Timeouts.PROBE);
        int done = 0;
        while (!over.get()) {
            verification.inspect(settings, verification.credentials(settings));
            done++;
            await("its session is gone")
                    .atMost(Duration.ofSeconds(60))
                    .until(
                            () -> superuser.value("select count(*) from pg_stat_activity where usename = '" + login.user
                                    + "' and application_name = 'sequin verify'"),
                            "0"::equals);
        }
        return done;
    }

    @Override
    public void close() {
        over.set(true);
    }
}

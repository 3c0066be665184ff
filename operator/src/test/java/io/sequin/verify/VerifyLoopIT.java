package io.sequin.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sequin.data.Problem;
import io.sequin.data.ResourceKey;
import io.sequin.loop.LoopListener;
import io.sequin.loop.LoopSettings;
import io.sequin.loop.SupervisedLoops;
import io.sequin.postgres.PostgresProblem;
import io.sequin.postgres.ServerInspection;
import io.sequin.postgres.TestLogin;
import io.sequin.postgres.Timeouts;
import io.sequin.testkit.postgres.PostgresServer;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The loop of a Destination as it runs in production, against a real server. */
class VerifyLoopIT {
    private static final ResourceKey KEY = new ResourceKey("team", "warehouse", "uid-1");

    private final TestLogin login = new TestLogin(PostgresServer.shared(15), "first");
    private final AtomicInteger changes = new AtomicInteger();
    private final SupervisedLoops<ResourceKey, DestinationPlan, DestinationSnapshot> loops = new SupervisedLoops<>(
            new VerifyLoops(
                    new Prober(new ServerInspection(login.connector, Timeouts.PROBE), 8, Duration.ofSeconds(30)),
                    InstantSource.system(),
                    new Random()),
            () -> true,
            new LoopListener<>() {
                @Override
                public void changed(ResourceKey key) {
                    changes.incrementAndGet();
                }

                @Override
                public void crashed(ResourceKey key, Throwable error, int consecutive) {
                    throw new AssertionError("a loop crashed", error);
                }
            },
            LoopSettings.of("verify", Clock.systemUTC(), new Random(), key -> Map.of()));

    @AfterEach
    void close() {
        loops.close();
        login.close();
    }

    @Test
    void aPastedGrantIsNoticedByItself() throws Exception {
        start(Duration.ofMinutes(10));
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(problem()).isEqualTo(PostgresProblem.MISSING_GRANTS));
        login.asSuperuser(Verdict.failure(loops.snapshot(KEY).orElseThrow())
                .orElseThrow()
                .cure()
                .getFirst()
                .sql());
        await().atMost(Duration.ofSeconds(60)).until(this::ready);
    }

    @Test
    void wakingNeverExceedsTheLimitOfRefusedLoginsAndANewPasswordWorksAtOnce() throws Exception {
        login.asSuperuser("grant create on database \"" + login.database + "\" to \"" + login.user + "\"");
        login.secrets.put("password", "wrong");
        start(Duration.ofMinutes(10));
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(200))
                .until(() -> {
                    loops.wake(KEY);
                    return failure().flatMap(Problem::retryAt).isPresent();
                });
        assertThat(refusedLogins()).isEqualTo(5);

        login.secrets.put("password", "first");
        loops.wake(KEY);
        await().atMost(Duration.ofSeconds(30)).until(this::ready);
        assertThat(refusedLogins()).isEqualTo(5);
    }

    @Test
    void whileNothingChangesNothingIsPublished() throws Exception {
        login.asSuperuser("grant create on database \"" + login.database + "\" to \"" + login.user + "\"");
        start(Duration.ofMillis(100));
        await().atMost(Duration.ofSeconds(30)).until(this::ready);
        await().pollDelay(Duration.ofSeconds(2)).until(() -> true);
        assertThat(changes).hasValue(1);
    }

    private void start(Duration interval) {
        loops.apply(KEY, new DestinationPlan(login.settings(), interval));
    }

    private boolean ready() {
        return loops.snapshot(KEY).map(DestinationSnapshot::ready).orElse(false);
    }

    private Optional<Problem> failure() {
        return loops.snapshot(KEY).flatMap(Verdict::failure);
    }

    private Object problem() {
        return failure().<Object>map(Problem::code).orElse("none");
    }

    private long refusedLogins() {
        return login.server
                .log()
                .lines()
                .filter(line -> line.contains("password authentication failed for user \"" + login.user + "\""))
                .count();
    }
}

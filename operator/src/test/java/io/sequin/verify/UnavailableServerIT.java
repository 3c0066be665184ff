package io.sequin.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sequin.OnPostgres;
import io.sequin.data.Problem;
import io.sequin.postgres.PostgresProblem;
import io.sequin.testkit.postgres.PostgresOptions;
import io.sequin.testkit.postgres.PostgresServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Servers that can't be used, for a while or until somebody acts: each has its reason, words and, where a statement cures
 * it, the SQL, which is pasted here; after the cure the next verification passes without another word.
 */
class UnavailableServerIT {
    private static final Map<Integer, PostgresServer> OWN = new ConcurrentHashMap<>();
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private @Nullable OwnServer current;

    @AfterEach
    void close() {
        own().close();
    }

    @AfterAll
    static void stop() {
        OWN.values().forEach(PostgresServer::close);
    }

    @ParameterizedTest
    @ValueSource(ints = 9)
    void aServerThatIsTooOldIsToldItsVersion(int major) throws Exception {
        on(major);
        Problem problem = own().failure(own().login.settings());
        assertThat(problem.code()).isEqualTo(PostgresProblem.UNSUPPORTED_VERSION);
        assertThat(problem.message()).contains("9.6.24").contains("10 or newer");
    }

    @OnPostgres({10, 18})
    void theRolesOwnLimitIsNamedAndLifted(int major) throws Exception {
        on(major);
        own().login.asSuperuser("alter role " + own().login.user + " connection limit 0");
        Problem problem = own().failure(own().login.settings());
        assertThat(problem.code()).isEqualTo(PostgresProblem.TOO_MANY_CONNECTIONS);
        assertThat(problem.message()).contains("role's own limit").contains(own().login.user);
        own().paste("postgres", problem);
        own().assertConnects();
    }

    @OnPostgres({10, 18})
    void theDatabasesOwnLimitIsNamedAndLifted(int major) throws Exception {
        on(major);
        own().login.asSuperuser("alter database " + own().login.database + " connection limit 0");
        Problem problem = own().failure(own().login.settings());
        assertThat(problem.code()).isEqualTo(PostgresProblem.TOO_MANY_CONNECTIONS);
        assertThat(problem.message())
                .contains("Database \"" + own().login.database)
                .contains("own limit");
        own().paste("postgres", problem);
        own().assertConnects();
    }

    @OnPostgres({10, 18})
    void aFullServerIsToldAndUsedAgainWhenOthersLeave(int major) throws Exception {
        on(major);
        own().login.server.createRole("crowd_" + own().login.user, "crowd");
        List<Connection> crowd = new ArrayList<>();
        try {
            fill(crowd);
            Problem problem = own().failure(own().login.settings());
            assertThat(problem.code()).isEqualTo(PostgresProblem.TOO_MANY_CONNECTIONS);
            assertThat(problem.message()).contains("max_connections");
            own().paste("postgres", problem);
        } finally {
            for (Connection connection : crowd) {
                connection.close();
            }
            own().configure("alter system reset max_connections");
        }
        await().atMost(PATIENCE).untilAsserted(() -> own().assertConnects());
    }

    @OnPostgres({10, 18})
    void aClosedDatabaseIsOpened(int major) throws Exception {
        on(major);
        own().configure("alter database " + own().login.database + " allow_connections false");
        Problem problem = own().failure(own().login.settings());
        assertThat(problem.code()).isEqualTo(PostgresProblem.DATABASE_CLOSED);
        own().paste("postgres", problem);
        own().assertConnects();
    }

    @ParameterizedTest
    @CsvSource({
        "10, alter database %1$s set",
        "10, alter role %2$s set",
        "10, alter role %2$s in database %1$s set",
        "10, alter role all set",
        "10, alter system set",
        "18, alter database %1$s set",
        "18, alter role %2$s set",
        "18, alter role %2$s in database %1$s set",
        "18, alter role all set",
        "18, alter system set"
    })
    void readOnlyIsSwitchedOffWhereItWasSet(int major, String set) throws Exception {
        on(major);
        own().configure(set.formatted(own().login.database, own().login.user) + " default_transaction_read_only = on");
        try {
            DestinationSnapshot verdict = own().verify(own().login.settings());
            assertThat(verdict.server().orElseThrow().readOnly()).isTrue();
            Problem problem = Verdict.failure(verdict).orElseThrow();
            assertThat(problem.code()).isEqualTo(PostgresProblem.READ_ONLY);
            own().paste(own().login.database, problem);
            await().atMost(PATIENCE).untilAsserted(() -> own().assertConnects());
        } finally {
            own().configure("alter system reset default_transaction_read_only");
        }
    }

    @OnPostgres({10, 18})
    void aStandbyIsReadOnlyUntilItIsPromoted(int major) throws Exception {
        on(major);
        Path trigger = own().data().resolve("promote-now");
        asStandby(major, trigger);
        DestinationSnapshot verdict = own().verify(own().login.settings());
        Problem problem = Verdict.failure(verdict).orElseThrow();
        assertThat(problem.code()).isEqualTo(PostgresProblem.READ_ONLY);
        assertThat(problem.message()).contains("standby").contains("spec.postgres.host");
        assertThat(verdict.server().orElseThrow().readOnly()).isTrue();

        Files.createFile(trigger);
        if (major >= 12) {
            own().configure("select pg_promote()");
        }
        await().atMost(PATIENCE).untilAsserted(() -> own().assertConnects());
        Files.deleteIfExists(trigger);
    }

    @ParameterizedTest
    @CsvSource({"10, ServerStarting, is starting up", "18, ReadOnly, hot_standby is off"})
    void aStandbyThatLetsNobodyInIsTold(int major, String reason, String words) throws Exception {
        on(major);
        Path data = own().data();
        Path signal = recovery(major, data, null);
        String binary = own().binary();
        own().login.server.stop();
        try (RawPostgres raw =
                RawPostgres.start(binary, data, own().login.server.port(), "-c", "hot_standby=off")) {
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(
                                    own().failure(own().login.settings()).code())
                            .isNotEqualTo(PostgresProblem.CONNECTION_REFUSED));
            await().atMost(PATIENCE).untilAsserted(() -> {
                Problem problem = own().failure(own().login.settings());
                assertThat(problem.code().reason()).isEqualTo(reason);
                assertThat(problem.message()).contains(words);
            });
            assertThat(raw.isRunning()).isTrue();
        } finally {
            Files.delete(signal);
            own().login.server.start();
        }
        own().assertConnects();
    }

    @OnPostgres({10, 18})
    void aServerThatShutsDownIsToldAndUsedAgainWhenItIsBack(int major) throws Exception {
        on(major);
        Path data = own().data();
        String binary = own().binary();
        own().login.server.stop();
        try (RawPostgres raw =
                RawPostgres.start(binary, data, own().login.server.port())) {
            await().atMost(PATIENCE).untilAsserted(() -> own().assertConnects());
            try (Connection last = own().login.server.superuser("postgres")) {
                raw.shutDownWhenAllHaveLeft();
                await().atMost(PATIENCE).untilAsserted(() -> {
                    Problem problem = own().failure(own().login.settings());
                    assertThat(problem.code()).isEqualTo(PostgresProblem.SERVER_STARTING);
                    assertThat(problem.message()).contains("is shutting down");
                });
                assertThat(last.isClosed()).isFalse();
            }
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(
                                    own().failure(own().login.settings()).code())
                            .isEqualTo(PostgresProblem.CONNECTION_REFUSED));
        } finally {
            own().login.server.start();
        }
        own().assertConnects();
    }

    private void on(int major) {
        // the three of superusers and the ten of replication, which 10 takes from the same number
        PostgresOptions options = PostgresOptions.standard().withSetting("max_connections", "16");
        current = new OwnServer(OWN.computeIfAbsent(major, m -> PostgresServer.start(m, options)));
    }

    private OwnServer own() {
        return Objects.requireNonNull(current, "on(major) comes first");
    }

    /** Connects until the server has no place left. */
    private void fill(List<Connection> crowd) {
        try {
            while (crowd.size() < 100) {
                crowd.add(own().login.server.connect("postgres", "crowd_" + own().login.user, "crowd"));
            }
        } catch (SQLException e) {
            assertThat(e.getSQLState()).isEqualTo("53300");
        }
    }

    private void asStandby(int major, Path trigger) throws Exception {
        Path data = own().data();
        own().login.server.stop();
        recovery(major, data, trigger);
        own().login.server.start();
    }

    /** Makes it recover at the next start, for ever: in 10 by a file with settings, later by an empty one. */
    private static Path recovery(int major, Path data, @Nullable Path trigger) throws Exception {
        return major >= 12
                ? Files.createFile(data.resolve("standby.signal"))
                : Files.writeString(
                        data.resolve("recovery.conf"),
                        "standby_mode = on\n" + (trigger == null ? "" : "trigger_file = '" + trigger + "'\n"));
    }
}

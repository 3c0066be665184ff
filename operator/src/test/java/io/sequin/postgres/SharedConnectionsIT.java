package io.sequin.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.sequin.data.HostPort;
import io.sequin.data.PostgresSettings;
import io.sequin.network.Dialer;
import io.sequin.testkit.postgres.PostgresServer;
import java.io.IOException;
import java.net.Socket;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** All Syncs of one Destination, and its verification, together keep to {@code spec.postgres.maxConnections}. */
class SharedConnectionsIT {
    private static final int SYNCS = 50;
    private static final int ALLOWED = 5;

    private final TestLogin login = new TestLogin(PostgresServer.shared(18), "secret");
    private final PostgresSettings settings = allowing(ALLOWED);

    @AfterEach
    void close() {
        login.close();
    }

    @Test
    void fiftySyncsAndAVerificationNeverHoldMoreThanAllowedAndAllComeToTheirTurn() throws Exception {
        AtomicInteger committed = new AtomicInteger();
        AtomicInteger verified = new AtomicInteger();
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch begin = new CountDownLatch(1);
        ServerInspection verification = new ServerInspection(login.connector, Timeouts.PROBE);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                Connection admin = login.server.superuser("postgres")) {
            List<Future<?>> syncs = new ArrayList<>();
            for (int i = 0; i < SYNCS; i++) {
                String name = "sequin s" + i;
                syncs.add(threads.submit(() -> {
                    begin.await();
                    for (int batch = 0; batch < 4; batch++) {
                        commit(name);
                        committed.incrementAndGet();
                    }
                    return null;
                }));
            }
            Future<?> verifying = threads.submit(() -> {
                while (!over.get()) {
                    verification.inspect(settings, verification.credentials(settings));
                    verified.incrementAndGet();
                }
            });
            Future<?> counting = threads.submit(() -> {
                while (!over.get()) {
                    most.accumulateAndGet(sessions(admin), Math::max);
                }
                return null;
            });
            begin.countDown();
            for (Future<?> sync : syncs) {
                sync.get();
            }
            over.set(true);
            verifying.get();
            counting.get();
        }
        assertThat(committed).hasValue(SYNCS * 4);
        assertThat(verified).as("verification is never starved").hasPositiveValue();
        assertThat(most.get())
                .as("sessions of all Syncs at once; one more is kept for verification")
                .isBetween(2, ALLOWED - 1);
    }

    @Test
    void aSessionShowsTheNameOfTheSyncThatHasIt() throws Exception {
        try (Database one = login.databases.open(settings, "sequin one");
                Database other = login.databases.open(settings, "sequin other")) {
            for (Database database : List.of(one, other, one)) {
                try (Connection connection = database.connect()) {
                    assertThat(text(connection, "show application_name"))
                            .isEqualTo(database == one ? "sequin one" : "sequin other");
                }
            }
        }
    }

    @Test
    void whoWaitsTooLongIsToldWhichLimitItIs() throws Exception {
        Timeouts shortly = new Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofSeconds(1));
        try (PooledDatabases databases = new PooledDatabases(login.connector, shortly);
                Database one = databases.open(allowing(2), "sequin one");
                Database other = databases.open(allowing(2), "sequin other")) {
            try (Connection only = one.connect()) {
                assertThat(text(only, "select 1")).isEqualTo("1");
                PostgresException e = catchThrowableOfType(PostgresException.class, other::connect);
                assertThat(e.problem().code()).isEqualTo(PostgresProblem.TOO_MANY_CONNECTIONS);
                assertThat(e.problem().message()).contains("spec.postgres.maxConnections", "(1)");
            }
            try (Connection connection = other.connect()) {
                assertThat(text(connection, "select 1")).isEqualTo("1");
            }
        }
    }

    @Test
    void aSyncThatEndsGivesBackWhatItHeldAndTheOthersGoOn() throws Exception {
        try (Database staying = login.databases.open(allowing(2), "sequin stays")) {
            Database ending = login.databases.open(allowing(2), "sequin ends");
            Connection held = ending.connect();
            assertThat(text(held, "select 1")).isEqualTo("1");
            ending.close();
            try (Connection connection = staying.connect()) {
                assertThat(text(connection, "select 1")).isEqualTo("1");
            }
        }
        try (Connection admin = login.server.superuser("postgres")) {
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(sessions(admin)).isZero());
        }
    }

    @Test
    void whatFailsAtTheEndOfASyncKeepsNoPlaceAndNoPool() throws Exception {
        try (PooledDatabases databases = hardToClose()) {
            try (Database staying = databases.open(allowing(3), "sequin stays")) {
                Database ending = databases.open(allowing(3), "sequin ends");
                ending.connect();
                ending.connect();

                IllegalStateException e = catchThrowableOfType(IllegalStateException.class, ending::close);

                assertThat(e.getSuppressed()).singleElement().isInstanceOf(IllegalStateException.class);
                try (Connection one = staying.connect();
                        Connection other = staying.connect()) {
                    assertThat(text(one, "select 1")).isEqualTo(text(other, "select 1"));
                }
            }
            assertThat(databases.use()).isEmpty();
        }
    }

    @Test
    void aConnectionThatCanNotBeGivenItsNameKeepsNoPlace() throws Exception {
        try (PooledDatabases databases = hardToClose();
                Database staying = databases.open(allowing(2), "sequin stays");
                Database nameless = databases.open(allowing(2), "no server takes a \0")) {
            PostgresException e = catchThrowableOfType(PostgresException.class, nameless::connect);

            assertThat(e)
                    .cause()
                    .satisfies(cause -> assertThat(cause.getSuppressed())
                            .singleElement()
                            .isInstanceOf(IllegalStateException.class));
            try (Connection only = staying.connect()) {
                assertThat(text(only, "select 1")).isEqualTo("1");
            }
        }
    }

    /** Each of its sockets fails when it is closed, though it is closed then. */
    private PooledDatabases hardToClose() {
        Dialer dialer = new Dialer() {
            @Override
            public Socket dial(HostPort to, Duration timeout) throws IOException {
                return new Socket(to.host(), to.port()) {
                    @Override
                    public void close() throws IOException {
                        super.close();
                        throw new IllegalStateException("closed with pain");
                    }
                };
            }

            @Override
            public void close() {}
        };
        Timeouts shortly = new Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofSeconds(5));
        return new PooledDatabases(new Connector(dialer, login.secrets, InstantSource.system()), shortly);
    }

    private void commit(String application) throws SQLException {
        try (Database database = login.databases.open(settings, application)) {
            assertThat(database.majorVersion()).isEqualTo(18);
            try (Connection connection = database.connect();
                    Statement statement = connection.createStatement()) {
                statement.execute("select pg_sleep(0.02)");
                connection.commit();
            }
        }
    }

    private int sessions(Connection admin) throws SQLException {
        try (PreparedStatement question =
                admin.prepareStatement("select count(*) from pg_stat_activity where usename = ?"
                        // verifications: one at a time, but the server shows the last one for a moment longer, and a
                        // new one at first without its name
                        + " and application_name not in ('', 'sequin verify')")) {
            question.setString(1, login.user);
            try (ResultSet row = question.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        }
    }

    private static String text(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    private PostgresSettings allowing(int connections) {
        PostgresSettings base = login.settings();
        return new PostgresSettings(
                base.address(), base.database(), base.username(), base.password(), base.tls(), connections);
    }
}

package io.sequin.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import io.sequin.data.HostPort;
import io.sequin.data.PostgresSettings;
import io.sequin.data.TlsMode;
import io.sequin.postgres.Database;
import io.sequin.postgres.ServerInspection;
import io.sequin.postgres.SqlStates;
import io.sequin.postgres.TestLogin;
import io.sequin.postgres.Timeouts;
import io.sequin.testkit.postgres.CertificateAuthority;
import io.sequin.testkit.postgres.PostgresServer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** With every log level open, no password is in a log line, an exception or a verdict. */
class NoSecretLeaksIT {
    private static final String CANARY = "canary-7f3aQ";

    private final Queue<String> said = new ConcurrentLinkedQueue<>();
    private final TestLogin login = new TestLogin(PostgresServer.shared(18), CANARY);
    private final List<Logger> loggers = Stream.of("io.sequin", "com.zaxxer.hikari")
            .map(name -> (Logger) LoggerFactory.getLogger(name))
            .toList();
    private final java.util.logging.Logger driver = java.util.logging.Logger.getLogger("org.postgresql");
    private final Captured captured = new Captured(said);
    private final CapturedOfDriver capturedOfDriver = new CapturedOfDriver(said);

    @BeforeEach
    void openAllLevels() {
        captured.start();
        for (Logger logger : loggers) {
            logger.addAppender(captured);
            logger.setLevel(Level.TRACE);
            logger.setAdditive(false);
        }
        driver.setUseParentHandlers(false);
        driver.setLevel(java.util.logging.Level.ALL);
        capturedOfDriver.setLevel(java.util.logging.Level.ALL);
        driver.addHandler(capturedOfDriver);
    }

    @AfterEach
    void close() {
        for (Logger logger : loggers) {
            logger.detachAppender(captured);
            logger.setLevel(null);
            logger.setAdditive(true);
        }
        driver.removeHandler(capturedOfDriver);
        driver.setUseParentHandlers(true);
        driver.setLevel(null);
        login.close();
    }

    @Test
    void noPasswordIsEverSaid() throws Exception {
        HostPort server = new HostPort("localhost", login.server.port());
        login.secrets.put("ca.crt", login.server.authority().pem());
        use(login.settings());
        use(login.settings(server, TlsMode.VERIFY_FULL));
        login.secrets.put("ca.crt", CertificateAuthority.create("another").pem());
        use(login.settings(server, TlsMode.VERIFY_FULL));
        use(login.settings(new HostPort("127.0.0.1", 1), TlsMode.DISABLE));
        use(login.settings(new HostPort("no-such-host.invalid", 1), TlsMode.DISABLE));
        PostgresSettings good = login.settings();
        use(new PostgresSettings(good.address(), "nope", good.username(), good.password(), good.tls(), 1));
        login.secrets.put("password", "wrong-" + CANARY);
        for (int i = 0; i < 4; i++) {
            use(login.settings());
        }

        assertThat(said).as("the capture works").anyMatch(line -> line.contains("FE=>"));
        assertThat(said)
                .as("the pool's log too")
                .anyMatch(line -> line.contains("HikariPool") || line.contains("it-leak"));
        assertThat(said).noneMatch(line -> line.contains(CANARY));
    }

    private void use(PostgresSettings settings) throws InterruptedException {
        Prober prober = new Prober(new ServerInspection(login.connector, Timeouts.PROBE), 1, Duration.ofSeconds(60));
        said.add(Verdict.of(prober.observe(settings)).toString());
        said.add(settings.toString());
        try (Database database = login.databases.open(settings, "it-leak")) {
            said.add(String.valueOf(database));
            Throwable failure = catchThrowable(() -> query(database));
            if (failure != null) {
                StringWriter text = new StringWriter();
                failure.printStackTrace(new PrintWriter(text));
                said.add(text.toString());
            }
        }
    }

    private static void query(Database database) throws SQLException {
        try (Connection connection = database.connect()) {
            connection.createStatement().execute("select broken");
        } catch (SQLException e) {
            throw SqlStates.translate(e);
        }
    }

    private static final class Captured extends AppenderBase<ILoggingEvent> {
        private final Queue<String> said;

        Captured(Queue<String> said) {
            this.said = said;
        }

        @Override
        protected void append(ILoggingEvent event) {
            IThrowableProxy error = event.getThrowableProxy();
            said.add(event.getLoggerName() + " " + event.getFormattedMessage()
                    + (error == null ? "" : ThrowableProxyUtil.asString(error)));
        }
    }

    private static final class CapturedOfDriver extends Handler {
        private final Queue<String> said;

        CapturedOfDriver(Queue<String> said) {
            this.said = said;
        }

        @Override
        public void publish(LogRecord record) {
            said.add(new SimpleFormatter().format(record));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}

package io.sequin.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.data.Instruction;
import io.sequin.data.PostgresSettings;
import io.sequin.data.Problem;
import io.sequin.postgres.ServerInspection;
import io.sequin.postgres.TestLogin;
import io.sequin.postgres.Timeouts;
import io.sequin.testkit.postgres.PostgresServer;
import io.sequin.testkit.postgres.Reload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;

/** A server that one test class may reconfigure and stop, with a role and a database of one test's own. */
final class OwnServer implements AutoCloseable {
    final TestLogin login;

    OwnServer(PostgresServer server) {
        login = new TestLogin(server, "secret");
        login.secrets.put("ca.crt", server.authority().pem());
    }

    /** The method of password authentication that the version uses by default. */
    String method() {
        return login.server.major() < 14 ? "md5" : "scram-sha-256";
    }

    /** Runs a statement and reloads the configuration; waits until new sessions see it. */
    void configure(String sql) throws SQLException {
        try (Connection connection = login.server.superuser("postgres");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
        Reload.of(login.server);
    }

    /** The data folder. */
    Path data() throws SQLException {
        try (Connection connection = login.server.superuser("postgres");
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("show data_directory")) {
            row.next();
            return Path.of(row.getString(1));
        }
    }

    /** The server's program, as the running one was started from. */
    String binary() throws SQLException, IOException {
        String pid = Files.readAllLines(data().resolve("postmaster.pid")).getFirst();
        return Path.of("/proc", pid, "exe").toRealPath().toString();
    }

    /** Pastes the cure of a problem into one session of the superuser. */
    void paste(String database, Problem problem) throws SQLException {
        assertThat(problem.cure()).as("instructions of %s", problem).isNotEmpty();
        try (Connection connection = login.server.superuser(database);
                Statement statement = connection.createStatement()) {
            for (Instruction step : problem.cure()) {
                statement.execute(step.sql());
            }
        }
    }

    DestinationSnapshot verify(PostgresSettings settings) throws InterruptedException {
        Prober prober = new Prober(new ServerInspection(login.connector, Timeouts.PROBE), 1, Duration.ofSeconds(60));
        return Verdict.of(prober.observe(settings));
    }

    /** The problem of a connection that fails. */
    Problem failure(PostgresSettings settings) throws InterruptedException {
        DestinationSnapshot verdict = verify(settings);
        assertThat(verdict.result(Stage.CONNECTED)).as("%s", verdict).isInstanceOf(StageResult.Failed.class);
        return Verdict.failure(verdict).orElseThrow();
    }

    void assertConnects() throws InterruptedException {
        assertThat(verify(login.settings()).result(Stage.CONNECTED)).isInstanceOf(StageResult.Passed.class);
    }

    /** The statements of a problem's cure. */
    static List<String> sql(Problem problem) {
        return problem.cure().stream().map(Instruction::sql).toList();
    }

    @Override
    public void close() {
        login.close();
    }
}

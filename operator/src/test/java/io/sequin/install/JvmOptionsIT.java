package io.sequin.install;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.testkit.postgres.PostgresServer;
import io.sequin.testkit.process.Folders;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The options of the image, in a JVM of their own. */
class JvmOptionsIT {
    private static final String PASSWORD = "of-one-who-waits";

    private final PostgresServer server = PostgresServer.shared(18);

    /** Reflection is by native code, and below that a virtual thread keeps its carrier: connections are not reached by it. */
    @Test
    void aVirtualThreadThatWaitsForTheDatabaseLeavesItsCarrierToOthers() throws Exception {
        String database = server.createDatabase("carrier");
        String user = database + "_waits";
        server.createRole(user, PASSWORD);
        setUp(database, user);
        Path authority = Files.writeString(
                Folders.temporary("sequin-carrier").resolve("ca.crt"),
                server.authority().pem());

        Command.Result result = Command.run(
                Command.ROOT,
                Map.of("PGPASSWORD", PASSWORD),
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "@" + Command.ROOT.resolve("image/jvm.options"),
                        "-XX:AOTMode=off",
                        "-Djdk.virtualThreadScheduler.parallelism=1",
                        "-Djdk.virtualThreadScheduler.maxPoolSize=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        WaitingForTheDatabase.class.getName(),
                        server.host(),
                        String.valueOf(server.port()),
                        database,
                        user,
                        authority.toString()));

        assertThat(result.code()).as(result.out() + result.err()).isZero();
    }

    private void setUp(String database, String user) throws SQLException {
        try (Connection connection = server.superuser(database);
                Statement statement = connection.createStatement()) {
            statement.execute(WaitingForTheDatabase.SETUP);
            statement.execute("grant select, insert on public.t to \"" + user + "\"");
        }
    }
}

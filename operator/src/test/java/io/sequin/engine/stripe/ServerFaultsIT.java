package io.sequin.engine.stripe;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.Thoroughness;
import io.sequin.engine.SyncSnapshot;
import io.sequin.postgres.PostgresProblem;
import io.sequin.testkit.postgres.PostgresServer;
import io.sequin.testkit.stripe.StripeData;
import io.sequin.testkit.stripe.StripeObjectType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that restarts, fails over, is restored from a backup or fills its disk; the Sync simply goes on. */
class ServerFaultsIT {
    static IntStream majors() {
        return Thoroughness.majors();
    }

    private static void change(StripeSync sync, Random random) {
        StripeData data = sync.stripe.data();
        data.churn(random, 40);
        data.randomLive(StripeObjectType.CUSTOMER, random).ifPresent(id -> data.delete(StripeObjectType.CUSTOMER, id));
    }

    @ParameterizedTest(name = "Postgres {0}")
    @MethodSource("majors")
    void restartsAndALossyFailoverLoseNothing(int major) throws Exception {
        try (PostgresServer server = PostgresServer.startDurable(major);
                StripeSync sync = new StripeSync(server)) {
            Random random = new Random(41);
            sync.stripe.data().seed(41, 1500, 100, 2000);
            sync.start();
            sync.awaitSnapshot("some rows", SyncSnapshot::committed);
            server.stopImmediately();
            change(sync, random);
            server.start();
            sync.awaitLive();
            sync.awaitTruth();
            server.restart();
            change(sync, random);
            sync.awaitTruth();

            server.stop();
            server.backUp();
            server.start();
            change(sync, random);
            sync.awaitTruth();
            server.stopImmediately();
            server.restore();
            server.start();
            change(sync, random);
            sync.awaitTruth();
            sync.awaitSnapshot("no trouble", s -> s.destination().isEmpty());
            assertThat(sync.crashes).isEmpty();
        }
    }

    /** What Debian's pg_dump, of version 15, can read. */
    @ParameterizedTest(name = "Postgres {0}")
    @ValueSource(ints = {10, 15})
    void aSchemaThatIsRestoredFromADumpIsGoneOnWithFromThere(int major, @TempDir Path scratch) throws Exception {
        try (StripeSync sync = new StripeSync(major)) {
            Random random = new Random(42);
            sync.stripe.data().seed(42, 300, 60, 300);
            sync.start();
            sync.awaitLive();
            change(sync, random);
            sync.awaitTruth();
            Path dump = scratch.resolve("dump.sql");
            run(sync, "pg_dump", "--schema=\"stripe it\"", "--file=" + dump);
            change(sync, random);
            sync.awaitTruth();
            long requests = sync.stripe.requests().count("/v1/charges");

            Path restore = scratch.resolve("restore.sql");
            Files.writeString(restore, "drop schema \"stripe it\" cascade;\n" + Files.readString(dump));
            run(sync, "psql", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", "--file=" + restore);
            // its next commit does not fit any more
            change(sync, random);
            sync.awaitTruth();
            assertThat(sync.stripe.requests().count("/v1/charges"))
                    .as("the list is not read again: the checkpoint came back with the rows")
                    .isEqualTo(requests);
            assertThat(sync.crashes).isEmpty();
        }
    }

    private static void run(StripeSync sync, String program, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                program,
                "--host=" + sync.server.host(),
                "--port=" + sync.server.port(),
                "--username=postgres",
                "--dbname=" + sync.database));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("PGPASSWORD", sync.server.superuserPassword());
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor())
                .as("%s (apt-get install -y postgresql-client): %s", program, output)
                .isZero();
    }

    @ParameterizedTest(name = "Postgres {0}")
    @MethodSource("majors")
    void aFullDiskIsToldAndGoesByWhenThereIsRoom(int major, @TempDir Path disk) throws Exception {
        try (SmallDisk small = SmallDisk.mount(disk);
                PostgresServer server = PostgresServer.startDurable(major);
                StripeSync sync = new StripeSync(server)) {
            sync.sql("create tablespace " + sync.database + "_small location '" + small.folder() + "'");
            sync.sql("grant create on tablespace " + sync.database + "_small to public");
            sync.sql("alter database " + sync.database + " set default_tablespace = " + sync.database + "_small");
            sync.stripe.data().seed(43, 4000, 100, 12000);
            sync.start();
            SyncSnapshot full = sync.awaitSnapshot("the full disk", s -> isFull(s));
            assertThat(full.destination().orElseThrow().message()).contains("disk is full");
            small.grow();
            sync.awaitLive();
            sync.awaitTruth();
            assertThat(sync.crashes).isEmpty();
        }
    }

    private static boolean isFull(SyncSnapshot snapshot) {
        return snapshot.destination()
                .filter(p -> p.code() == PostgresProblem.DISK_FULL)
                .isPresent();
    }
}

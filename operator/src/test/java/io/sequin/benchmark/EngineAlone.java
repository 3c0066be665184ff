package io.sequin.benchmark;

import com.sun.management.OperatingSystemMXBean;
import io.sequin.data.AccountId;
import io.sequin.data.Change;
import io.sequin.data.Checkpoint;
import io.sequin.data.HostPort;
import io.sequin.data.Json;
import io.sequin.data.LaneId;
import io.sequin.data.Owner;
import io.sequin.data.PostgresSettings;
import io.sequin.data.ResourceKey;
import io.sequin.data.TableShape;
import io.sequin.data.TlsMode;
import io.sequin.data.TlsSettings;
import io.sequin.data.WriteRules;
import io.sequin.network.DirectDialer;
import io.sequin.postgres.Connector;
import io.sequin.postgres.PooledDatabases;
import io.sequin.postgres.SecretsInMemory;
import io.sequin.postgres.Timeouts;
import io.sequin.postgres.load.Batch;
import io.sequin.postgres.load.CommitListener;
import io.sequin.postgres.load.DestinationSession;
import io.sequin.postgres.load.session.PostgresSessions;
import io.sequin.postgres.schema.WriteTimeouts;
import io.sequin.source.stripe.StripeShapes;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The write path alone, without source and lanes: what a first pass of charges commits, in batches as large as a Sync's,
 * over TLS as the operator has it. Started by {@link PathBenchmark} with the image's jar, runtime and flags.
 */
public final class EngineAlone {
    /** As many rows of about 1 KB as a Sync commits at once. */
    private static final int BATCH = 7_400;

    private static final LaneId LANE = new LaneId("backfill:charge");

    private EngineAlone() {}

    /** What it takes: the address, the database, the user, a file with the authority, the number of rows. */
    record Task(String host, int port, String database, String user, Path authority, int rows) {
        String[] arguments() {
            return new String[] {host, String.valueOf(port), database, user, authority.toString(), String.valueOf(rows)
            };
        }

        static Task of(String[] args) {
            return new Task(
                    args[0], Integer.parseInt(args[1]), args[2], args[3], Path.of(args[4]), Integer.parseInt(args[5]));
        }
    }

    /** The seconds that the commits took, and the processor time of this process meanwhile. */
    record Result(double seconds, double cpu) {
        private static final String PREFIX = "engine alone: ";

        String line() {
            return String.format(Locale.ROOT, PREFIX + "%.3f %.3f", seconds, cpu);
        }

        static Result of(List<String> lines) {
            String[] numbers = lines.stream()
                    .filter(line -> line.startsWith(PREFIX))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException(String.join("\n", lines)))
                    .substring(PREFIX.length())
                    .split(" ", -1);
            return new Result(Double.parseDouble(numbers[0]), Double.parseDouble(numbers[1]));
        }
    }

    /** Runs it; the password is in PGPASSWORD. */
    public static void main(String[] args) throws Exception {
        Task task = Task.of(args);
        SecretsInMemory secrets = new SecretsInMemory();
        secrets.put("username", task.user());
        secrets.put("password", System.getenv("PGPASSWORD"));
        secrets.put("ca.crt", Files.readString(task.authority()));
        PostgresSettings settings = new PostgresSettings(
                new HostPort(task.host(), task.port()),
                task.database(),
                SecretsInMemory.ref("username"),
                SecretsInMemory.ref("password"),
                new TlsSettings(TlsMode.VERIFY_FULL, Optional.of(SecretsInMemory.ref("ca.crt"))),
                5);
        try (DirectDialer dialer = new DirectDialer();
                PooledDatabases databases =
                        new PooledDatabases(new Connector(dialer, secrets, InstantSource.system()), Timeouts.USUAL);
                DestinationSession session = new PostgresSessions(
                                databases, WriteTimeouts.standard(), CommitListener.NONE)
                        .open(settings, "alone", WriteRules.USUAL)) {
            System.out.println(load(session, task.rows()).line());
        }
    }

    private static Result load(DestinationSession session, int rows) {
        TableShape shape = StripeShapes.of("charge");
        session.take(new Owner("benchmark", new ResourceKey("team", "alone", "1"), "stripe"), new AccountId("acct_1"));
        session.ensure(shape, Set.of(LANE));
        session.begin(Map.of(LANE, checkpoint(rows)));
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        Charges charges = new Charges();
        long nanos = 0;
        long cpu = 0;
        int left = rows;
        for (long seq = 0; left > 0; seq++) {
            List<Change> batch = new ArrayList<>();
            while (left > 0 && batch.size() < BATCH) {
                List<Change> page = charges.rows(left, Charges.PAGE);
                batch.addAll(page);
                left -= page.size();
            }
            Batch next = new Batch(LANE, seq, checkpoint(left), batch, Map.of(), Map.of());
            long start = System.nanoTime();
            long cpuStart = system.getProcessCpuTime();
            session.commit(next);
            nanos += System.nanoTime() - start;
            cpu += system.getProcessCpuTime() - cpuStart;
        }
        return new Result(nanos / 1e9, cpu / 1e9);
    }

    private static Checkpoint checkpoint(int left) {
        return new Checkpoint(Json.of("{\"left\": " + left + "}"));
    }
}

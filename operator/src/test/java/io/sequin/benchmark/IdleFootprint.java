package io.sequin.benchmark;

import io.sequin.testkit.postgres.PostgresServer;
import io.sequin.testkit.stripe.ApiKey;
import io.sequin.testkit.stripe.FakeStripe;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * What the operator needs while nothing happens: without a Sync, and with many that are live and wait for their next poll.
 * The argument is the number of Syncs (1000). As in the chart's container of 320 MiB, and again with the flags of the
 * property benchmark.flags. Prints a block for each.
 */
public final class IdleFootprint {
    private static final int DESTINATIONS = 10;
    /** By then the heap was collected twice ({@code HeapReturn}), and what the compilers took went back to Linux. */
    private static final Duration QUIET = Duration.ofSeconds(200);

    private static final Duration MEASURED = Duration.ofMinutes(1);

    private final FakeStripe stripe;
    private final Bench bench;

    private IdleFootprint(PostgresServer postgres, FakeStripe stripe) throws SQLException {
        this.stripe = stripe;
        this.bench = new Bench(postgres, stripe.baseUri());
        stripe.keys().add(ApiKey.secret(Bench.API_KEY, FakeStripe.ACCOUNT));
        stripe.data().seed(7, 10, 10, 10);
    }

    /** Runs it. */
    public static void main(String[] args) throws Exception {
        int syncs = args.length > 0 ? Integer.parseInt(args[0]) : 1000;
        for (MeasuredOperator.Variant variant : MeasuredOperator.variants(320)) {
            System.out.println(variant.name());
            try (PostgresServer postgres = PostgresServer.startDurable(18);
                    FakeStripe stripe = FakeStripe.start()) {
                new IdleFootprint(postgres, stripe).run(syncs, variant.flags());
            }
        }
        Runtime.getRuntime().halt(0);
    }

    private void run(int syncs, List<String> flags) throws Exception {
        try (MeasuredOperator operator = MeasuredOperator.start(bench, flags)) {
            operator.run(Duration.ofSeconds(10));
            report("no Sync", operator);
            Instant begin = Instant.now();
            for (int i = 0; i < DESTINATIONS; i++) {
                bench.destination("d" + i);
            }
            for (int i = 0; i < syncs; i++) {
                bench.sync(
                        "s" + i,
                        "d" + i % DESTINATIONS,
                        "s" + i,
                        "\"pollInterval\": \"10m\", \"tables\": {\"include\": [\"product\"]}");
            }
            operator.await(Duration.ofSeconds(2), () -> bench.syncsWith("UpToDate") >= syncs);
            System.out.printf(
                    Locale.ROOT,
                    "%d Syncs live after %d s%n",
                    syncs,
                    Duration.between(begin, Instant.now()).toSeconds());
            report(syncs + " idle Syncs", operator);
            jcmd(operator, "GC.class_histogram").lines().limit(30).forEach(System.out::println);
        }
    }

    private void report(String what, MeasuredOperator operator) throws Exception {
        operator.run(QUIET);
        double before = operator.proc.cpu();
        long requests = stripe.requests().total();
        List<Long> resident = new ArrayList<>();
        for (int i = 0; i < MEASURED.toSeconds(); i++) {
            operator.run(Duration.ofSeconds(1));
            resident.add(operator.proc.memory("VmRSS"));
        }
        Collections.sort(resident);
        System.out.printf(
                Locale.ROOT,
                "%s: RSS %d MB (half of the time; %d to %d; at the end anonymous %d, in the cache's mappings %d), most %d MB, %d threads, %.2f CPU s and %d requests in"
                        + " a minute, %d connections to Postgres%n",
                what,
                resident.get(resident.size() / 2),
                resident.getFirst(),
                resident.getLast(),
                operator.proc.anonymous(),
                operator.proc.mapped(
                        MeasuredOperator.image().cache().getFileName().toString()),
                operator.proc.memory("VmHWM"),
                operator.proc.threads(),
                operator.proc.cpu() - before,
                stripe.requests().total() - requests,
                connections());
        jcmd(operator, "GC.run");
        System.out.println(jcmd(operator, "GC.heap_info"));
    }

    private int connections() throws SQLException {
        try (Connection connection = bench.connection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "select count(*) from pg_stat_activity where usename = '" + bench.user() + "'")) {
            row.next();
            return row.getInt(1);
        }
    }

    /** The JDK's that runs this: the image has none. */
    private static String jcmd(MeasuredOperator operator, String command) throws IOException, InterruptedException {
        Path program = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        Process process = new ProcessBuilder(program.toString(), String.valueOf(operator.pid()), command)
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException(said);
        }
        return said;
    }
}

package io.sequin.benchmark;

import io.sequin.testkit.postgres.PostgresOptions;
import io.sequin.testkit.postgres.PostgresServer;
import java.net.URI;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The whole path: a Sync of one table over HTTP from a source that is as fast as it can, by the operator of the image, as
 * if it had 320 MiB, the chart's limit, and 192 MiB; beside it, in turn, the engine alone with the same rows, runtime,
 * flags and TLS. Both again with the flags of the property benchmark.flags. The arguments are the number of rows
 * (1000000), how often (1), and the milliseconds that the source takes for a page besides (0).
 *
 * <p>The most resident memory is printed beside the limit. Outside a control group it counts the pages of files too, which
 * others share and which Linux drops first where there is a limit: what is not a file's is the least that must fit.
 */
public final class PathBenchmark {
    private static final double GOAL = 0.6;

    private final PostgresServer postgres;
    private final int rows;
    private final Duration latency;
    private final ProcFiles server;

    /** What was measured with one, in rows a second. */
    private record Rates(MeasuredOperator.Variant variant, List<Double> alone, List<Double> path) {}

    private PathBenchmark(PostgresServer postgres, int rows, Duration latency) throws Exception {
        this.postgres = postgres;
        this.rows = rows;
        this.latency = latency;
        this.server = ProcFiles.of(postgres);
    }

    /** Runs it and prints two lines for each round and variant, and a last one for each variant with the ratio. */
    public static void main(String[] args) throws Exception {
        int rows = args.length > 0 ? Integer.parseInt(args[0]) : 1_000_000;
        int times = args.length > 1 ? Integer.parseInt(args[1]) : 1;
        Duration latency = Duration.ofMillis(args.length > 2 ? Integer.parseInt(args[2]) : 0);
        List<Rates> all = new ArrayList<>();
        for (MeasuredOperator.Variant variant : MeasuredOperator.variants(320, 192)) {
            all.add(new Rates(variant, new ArrayList<>(), new ArrayList<>()));
        }
        PostgresOptions options = PostgresOptions.standard()
                .withDurability()
                .withSetting("autovacuum", "off")
                .withSetting("shared_buffers", "1GB")
                .withSetting("max_wal_size", "8GB");
        try (PostgresServer postgres = PostgresServer.start(18, options)) {
            PathBenchmark benchmark = new PathBenchmark(postgres, rows, latency);
            for (int i = 0; i < times; i++) {
                for (Rates rates : all) {
                    System.out.println(rates.variant().name());
                    rates.alone().add(benchmark.engineAlone(rates.variant()));
                    rates.path().add(benchmark.wholePath(rates.variant()));
                }
            }
        }
        all.forEach(PathBenchmark::printRatio);
        Runtime.getRuntime().halt(0);
    }

    private static void printRatio(Rates rates) {
        System.out.printf(
                Locale.ROOT,
                "whole path of the engine alone       %8.2f   goal %.2f   %s%n",
                rates.path().stream().mapToDouble(r -> r).sum()
                        / rates.alone().stream().mapToDouble(r -> r).sum(),
                GOAL,
                rates.variant().name());
    }

    /** Rows a second. */
    private double engineAlone(MeasuredOperator.Variant variant) throws Exception {
        Bench bench = new Bench(postgres, URI.create("http://127.0.0.1"));
        double serverBefore = server.cpuWithChildren();
        EngineAlone.Result result = MeasuredOperator.engineAlone(bench, variant.flags(), rows);
        System.out.printf(
                Locale.ROOT,
                "engine alone over TLS                %8.0f rows/s   CPU s per million rows: engine %5.2f, Postgres"
                        + " %5.2f%n",
                rows / result.seconds(),
                perMillion(result.cpu()),
                perMillion(server.cpuWithChildren() - serverBefore));
        return rows / result.seconds();
    }

    private double wholePath(MeasuredOperator.Variant variant) throws Exception {
        try (FastSource source = new FastSource(rows, latency)) {
            Bench bench = new Bench(postgres, source.uri());
            bench.destination("measured");
            try (MeasuredOperator operator =
                    MeasuredOperator.start(bench, variant.flags(), "--source-rate=stripe=4000")) {
                operator.run(Duration.ofSeconds(10));
                return run(bench, operator, source, variant.limit());
            }
        }
    }

    private double run(Bench bench, MeasuredOperator operator, FastSource source, int limit) throws Exception {
        double operatorBefore = operator.proc.cpu();
        double serverBefore = server.cpuWithChildren();
        double sourceBefore = source.proc.cpu();
        bench.sync("measured", "measured", "stripe", "\"tables\": {\"include\": [\"charge\"]}");
        try (Connection connection = bench.connection();
                Statement statement = connection.createStatement()) {
            long first = await(operator, statement, 1);
            Instant begin = Instant.now();
            long requests = source.requests();
            await(operator, statement, rows);
            double seconds = Duration.between(begin, Instant.now()).toMillis() / 1000.0;
            double rate = (rows - first) / seconds;
            long mostAllowed = limit * 1024L * 1024 / 1_000_000;
            long most = operator.proc.memory("VmHWM");
            System.out.printf(
                    Locale.ROOT,
                    "whole path over HTTP                 %8.0f rows/s   %5.0f requests/s   CPU s per million rows:"
                            + " operator %5.2f, Postgres %5.2f, source %5.2f   peak RSS %d MB, %s the limit"
                            + " of %d, not a file's at the end %d MB%n",
                    rate,
                    (source.requests() - requests) / seconds,
                    perMillion(operator.proc.cpu() - operatorBefore),
                    perMillion(server.cpuWithChildren() - serverBefore),
                    perMillion(source.proc.cpu() - sourceBefore),
                    most,
                    most <= mostAllowed ? "within" : "ABOVE",
                    mostAllowed,
                    operator.proc.anonymous());
            operator.proc.threadTimes(12).forEach(System.out::println);
            return rate;
        }
    }

    private double perMillion(double seconds) {
        return seconds / rows * 1e6;
    }

    /** Until so many rows are committed; returns how many there are. */
    private static long await(MeasuredOperator operator, Statement statement, long rows) throws Exception {
        Instant deadline = Instant.now().plus(Duration.ofMinutes(20));
        while (true) {
            long found = count(statement);
            if (found >= rows) {
                return found;
            }
            if (Instant.now().isAfter(deadline)) {
                throw new IllegalStateException("only " + found + " rows of " + rows);
            }
            operator.run(Duration.ofMillis(20));
        }
    }

    private static long count(Statement statement) throws Exception {
        try (ResultSet exists = statement.executeQuery("select to_regclass('stripe._sync_table') is not null")) {
            exists.next();
            if (!exists.getBoolean(1)) {
                return 0;
            }
        }
        try (ResultSet counted = statement.executeQuery("select coalesce(sum(\"rows\"), 0) from stripe._sync_table")) {
            counted.next();
            return counted.getLong(1);
        }
    }
}

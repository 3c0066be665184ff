package io.sequin.benchmark;

import io.sequin.testkit.postgres.PostgresOptions;
import io.sequin.testkit.postgres.PostgresServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/**
 * The whole path: a Sync of one table over HTTP from a source that is as fast as it can, by the operator of the image, as
 * if it had 192 MiB. The arguments are the number of rows (1000000), how often (1), the milliseconds that the source takes
 * for a page besides (0), and more flags of the operator's JVM.
 */
public final class PathBenchmark {
    private PathBenchmark() {}

    /** Runs it and prints a line a run. */
    public static void main(String[] args) throws Exception {
        int rows = args.length > 0 ? Integer.parseInt(args[0]) : 1_000_000;
        int times = args.length > 1 ? Integer.parseInt(args[1]) : 1;
        List<String> flags = MeasuredOperator.flags(List.of("-XX:MaxRAM=192m"));
        Duration latency = Duration.ofMillis(args.length > 2 ? Integer.parseInt(args[2]) : 0);
        flags.addAll(List.of(args).subList(Math.min(3, args.length), args.length));
        PostgresOptions options = PostgresOptions.standard()
                .withDurability()
                .withSetting("autovacuum", "off")
                .withSetting("shared_buffers", "1GB")
                .withSetting("max_wal_size", "8GB");
        try (PostgresServer postgres = PostgresServer.start(18, options)) {
            for (int i = 0; i < times; i++) {
                run(postgres, rows, latency, flags);
            }
        }
        Runtime.getRuntime().halt(0);
    }

    private static void run(PostgresServer postgres, int rows, Duration latency, List<String> flags) throws Exception {
        try (FastSource source = new FastSource(rows, latency)) {
            Bench bench = new Bench(postgres, source.uri());
            bench.destination("measured");
            try (MeasuredOperator operator = MeasuredOperator.start(bench, flags, "--source-rate=stripe=4000")) {
                operator.run(Duration.ofSeconds(10));
                run(bench, operator, source, rows);
            }
        }
    }

    private static void run(Bench bench, MeasuredOperator operator, FastSource source, int rows) throws Exception {
        double cpuBefore = operator.proc.cpu();
        bench.sync("measured", "measured", "stripe", "\"tables\": {\"include\": [\"charge\"]}");
        try (Connection connection = bench.connection();
                Statement statement = connection.createStatement()) {
            long first = await(statement, 1);
            Instant begin = Instant.now();
            long requests = source.requests();
            await(statement, rows);
            double seconds = Duration.between(begin, Instant.now()).toMillis() / 1000.0;
            System.out.printf(
                    Locale.ROOT,
                    "whole path over HTTP                 %8.0f rows/s   %5.0f requests/s   operator CPU %5.2f s per"
                            + " million rows   peak RSS %d MB%n",
                    (rows - first) / seconds,
                    (source.requests() - requests) / seconds,
                    (operator.proc.cpu() - cpuBefore) / rows * 1e6,
                    operator.proc.memory("VmHWM"));
        }
    }

    /** Until so many rows are committed; returns how many there are. */
    private static long await(Statement statement, long rows) throws Exception {
        Instant deadline = Instant.now().plus(Duration.ofMinutes(20));
        while (true) {
            long found = count(statement);
            if (found >= rows) {
                return found;
            }
            if (Instant.now().isAfter(deadline)) {
                throw new IllegalStateException("only " + found + " rows of " + rows);
            }
            Thread.sleep(20);
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

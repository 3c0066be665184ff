package io.sequin.benchmark;

import io.sequin.testkit.postgres.PostgresServer;
import io.sequin.testkit.stripe.ApiKey;
import io.sequin.testkit.stripe.FakeStripe;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Start, memory and processor time of the operator under different flags of its JVM, side by side: each round runs every
 * variant once. The first argument is the number of objects (50000), the second the number of rounds (3), the third the
 * variants, with commas (all). Prints a line a run.
 */
public final class Footprint {
    private static final Duration TICK = Duration.ofMillis(20);
    /** By then heap and native memory of the start went back to Linux. */
    private static final Duration IDLE = Duration.ofSeconds(35);

    private final int objects;
    private final PostgresServer postgres = PostgresServer.startDurable(18);
    private final FakeStripe stripe = FakeStripe.start();

    private Footprint(int objects) {
        this.objects = objects;
        stripe.keys().add(ApiKey.secret(Bench.API_KEY, FakeStripe.ACCOUNT));
        stripe.data().seed(7, objects * 2 / 5, objects / 50, objects - objects * 2 / 5 - objects / 50);
    }

    /** Runs it. */
    public static void main(String[] args) throws Exception {
        int objects = args.length > 0 ? Integer.parseInt(args[0]) : 50_000;
        int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 3;
        Footprint footprint = new Footprint(objects);
        Map<String, List<String>> variants = variants();
        if (args.length > 2) {
            variants.keySet().retainAll(List.of(args[2].split(",")));
        }
        System.out.println("variant      start s  start cpu s  idle MB  backfill s  backfill cpu s  after MB  peak MB");
        for (int round = 0; round < rounds; round++) {
            for (Map.Entry<String, List<String>> variant : variants.entrySet()) {
                System.out.println(footprint.run(variant.getKey(), variant.getValue()));
            }
        }
        Runtime.getRuntime().halt(0);
    }

    /** As in containers of 320 MiB, the chart's, and of 192 MiB. */
    private static Map<String, List<String>> variants() throws IOException {
        Map<String, List<String>> variants = new LinkedHashMap<>();
        variants.put("no flags", List.of("-XX:MaxRAM=320m"));
        variants.put("image", MeasuredOperator.flags(List.of("-XX:MaxRAM=320m")));
        variants.put("image 192m", MeasuredOperator.flags(List.of("-XX:MaxRAM=192m")));
        return variants;
    }

    private String run(String variant, List<String> flags) throws Exception {
        Bench bench = new Bench(postgres, stripe.baseUri());
        bench.destination("measured");
        bench.sync(
                "measured",
                "measured",
                "stripe",
                "\"suspend\": true, \"tables\": {\"include\": [\"customer\", \"product\", \"charge\"]}");
        try (MeasuredOperator operator = MeasuredOperator.start(bench, flags)) {
            operator.await(TICK, () -> bench.status("Destination", "measured").has("observedGeneration"));
            double start = seconds(operator.begin);
            double startCpu = operator.proc.cpu();
            operator.run(IDLE);
            long idle = operator.proc.memory("VmRSS");
            double before = operator.proc.cpu();
            Instant begin = Instant.now();
            bench.resume("measured");
            operator.await(
                    TICK, () -> bench.status("Sync", "measured").path("rows").asLong() >= objects);
            double backfill = seconds(begin);
            double backfillCpu = operator.proc.cpu() - before;
            operator.run(Duration.ofSeconds(3));
            return String.format(
                    Locale.ROOT,
                    "%-12s %7.2f %12.2f %8d %11.1f %15.1f %9d %8d",
                    variant,
                    start,
                    startCpu,
                    idle,
                    backfill,
                    backfillCpu,
                    operator.proc.memory("VmRSS"),
                    operator.proc.memory("VmHWM"));
        }
    }

    private static double seconds(Instant since) {
        return Duration.between(since, Instant.now()).toMillis() / 1000.0;
    }
}

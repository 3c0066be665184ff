package io.sequin.benchmark;

import io.sequin.testkit.postgres.PostgresServer;
import io.sequin.testkit.stripe.ApiKey;
import io.sequin.testkit.stripe.FakeStripe;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Start, memory and processor time of the operator under different flags of its JVM, side by side: each round runs every
 * variant once, which are no flags and no cache, and {@link MeasuredOperator#variants} as if in 320 MiB, the chart's limit,
 * and in 192. The first argument is the number of objects (50000), the second the number of rounds (3). Prints a line a
 * run; MB are millions of bytes.
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
        List<MeasuredOperator.Variant> variants = variants();
        System.out.println("start s  start cpu s  idle MB  backfill s  backfill cpu s  after MB  peak MB  variant");
        for (int round = 0; round < rounds; round++) {
            for (MeasuredOperator.Variant variant : variants) {
                System.out.println(footprint.run(variant));
            }
        }
        Runtime.getRuntime().halt(0);
    }

    private static List<MeasuredOperator.Variant> variants() throws IOException {
        List<MeasuredOperator.Variant> variants = new ArrayList<>();
        variants.add(new MeasuredOperator.Variant("no flags", 320, List.of("-XX:MaxRAM=320m")));
        variants.addAll(MeasuredOperator.variants(320, 192));
        return variants;
    }

    private String run(MeasuredOperator.Variant variant) throws Exception {
        Bench bench = new Bench(postgres, stripe.baseUri());
        bench.destination("measured");
        bench.sync(
                "measured",
                "measured",
                "stripe",
                "\"suspend\": true, \"tables\": {\"include\": [\"customer\", \"product\", \"charge\"]}");
        try (MeasuredOperator operator = MeasuredOperator.start(bench, variant.flags())) {
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
                    "%7.2f %12.2f %8d %11.1f %15.1f %9d %8d  %s",
                    start,
                    startCpu,
                    idle,
                    backfill,
                    backfillCpu,
                    operator.proc.memory("VmRSS"),
                    operator.proc.memory("VmHWM"),
                    variant.name());
        }
    }

    private static double seconds(Instant since) {
        return Duration.between(since, Instant.now()).toMillis() / 1000.0;
    }
}

package io.sequin.benchmark;

import io.sequin.testkit.postgres.PostgresServer;
import io.sequin.testkit.stripe.FakeStripe;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How long a start takes from the start of the JVM: until the first reconcile begins, and until the first status is
 * written and seen by who watches. The first argument is the number of rounds (9); further ones are the folders of
 * images to be compared, in turn (that of this build). Each starts as in the chart's container of 320 MiB, and again with
 * the flags of the property benchmark.flags. Prints a line a start, and the medians.
 */
public final class StartBenchmark {
    /** By JOSDK's own word, right before it hands out what waits to be reconciled. */
    private static final String RECONCILES = "Started event processing for controller: sequin-destination";

    private static final Duration TICK = Duration.ofMillis(100);

    private record Started(Path image, MeasuredOperator.Variant variant) {
        private String name() {
            return image.getFileName() + ", " + variant.name();
        }
    }

    private record Start(double reconcile, double status, double cpu) {}

    private final PostgresServer postgres = PostgresServer.startDurable(18);
    private final FakeStripe stripe = FakeStripe.start();

    private StartBenchmark() {}

    /** Runs it. */
    public static void main(String[] args) throws Exception {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 9;
        List<Path> images = new ArrayList<>();
        for (int i = 1; i < args.length; i++) {
            images.add(Path.of(args[i]));
        }
        if (images.isEmpty()) {
            images.add(MeasuredOperator.image().root());
        }
        List<Started> variants = variants(images);
        StartBenchmark benchmark = new StartBenchmark();
        List<List<Start>> starts = new ArrayList<>();
        variants.forEach(variant -> starts.add(new ArrayList<>()));
        System.out.println("first reconcile s  first status s  cpu s  image");
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < variants.size(); i++) {
                Start start = benchmark.run(variants.get(i));
                starts.get(i).add(start);
                print(variants.get(i).name(), start);
            }
        }
        for (int i = 0; i < variants.size(); i++) {
            print(variants.get(i).name() + ", median", median(starts.get(i)));
        }
        Runtime.getRuntime().halt(0);
    }

    private static List<Started> variants(List<Path> images) throws Exception {
        List<Started> variants = new ArrayList<>();
        for (Path image : images) {
            System.setProperty(MeasuredOperator.IMAGE, image.toString());
            MeasuredOperator.variants(320).forEach(variant -> variants.add(new Started(image, variant)));
        }
        return variants;
    }

    private Start run(Started started) throws Exception {
        System.setProperty(MeasuredOperator.IMAGE, started.image().toString());
        Bench bench = new Bench(postgres, stripe.baseUri());
        bench.destination("measured");
        try (Bench.FirstStatus status = bench.firstStatus("Destination", "measured");
                MeasuredOperator operator =
                        MeasuredOperator.start(bench, started.variant().flags())) {
            operator.await(TICK, status::isThere);
            double cpu = operator.proc.cpu();
            return new Start(
                    seconds(operator.begin, operator.said(RECONCILES)), seconds(operator.begin, status.at()), cpu);
        }
    }

    private static Start median(List<Start> starts) {
        int middle = starts.size() / 2;
        return new Start(
                starts.stream().mapToDouble(Start::reconcile).sorted().toArray()[middle],
                starts.stream().mapToDouble(Start::status).sorted().toArray()[middle],
                starts.stream().mapToDouble(Start::cpu).sorted().toArray()[middle]);
    }

    private static void print(String name, Start start) {
        System.out.println(String.format(
                Locale.ROOT, "%17.2f %15.2f %6.2f  %s", start.reconcile(), start.status(), start.cpu(), name));
    }

    private static double seconds(Instant since, Instant until) {
        return Duration.between(since, until).toMillis() / 1000.0;
    }
}

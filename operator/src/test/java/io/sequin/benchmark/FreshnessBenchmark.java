package io.sequin.benchmark;

import io.sequin.testkit.postgres.PostgresServer;
import io.sequin.testkit.stripe.ApiKey;
import io.sequin.testkit.stripe.FakeStripe;
import io.sequin.testkit.stripe.StripeObjectType;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/**
 * From a new object at the source to its row. To be run by hand: the arguments are the poll interval in seconds (2) and
 * the number of changes (100). They are made at random moments of ten intervals, at least of a minute, and none waits for
 * another.
 */
public final class FreshnessBenchmark {
    private static final int CUSTOMERS = 200;
    private static final Duration LOOK = Duration.ofMillis(5);

    private final Bench bench;
    private final FakeStripe stripe;
    private final MeasuredOperator operator;

    private FreshnessBenchmark(Bench bench, FakeStripe stripe, MeasuredOperator operator) {
        this.bench = bench;
        this.stripe = stripe;
        this.operator = operator;
    }

    /** Runs it and prints one line. */
    public static void main(String[] args) throws Exception {
        int poll = args.length > 0 ? Integer.parseInt(args[0]) : 2;
        int changes = args.length > 1 ? Integer.parseInt(args[1]) : 100;
        try (PostgresServer postgres = PostgresServer.startDurable(18);
                FakeStripe stripe = FakeStripe.start()) {
            stripe.keys().add(ApiKey.secret(Bench.API_KEY, FakeStripe.ACCOUNT));
            stripe.data().seed(7, CUSTOMERS, 0, 0);
            Bench bench = new Bench(postgres, stripe.baseUri());
            bench.destination("measured");
            bench.sync(
                    "measured",
                    "measured",
                    "stripe",
                    "\"pollInterval\": \"" + poll + "s\", \"tables\": {\"include\": [\"customer\"]}");
            try (MeasuredOperator operator =
                    MeasuredOperator.start(bench, MeasuredOperator.flags(List.of("-XX:MaxRAM=320m")))) {
                operator.await(
                        Duration.ofMillis(200),
                        () -> bench.status("Sync", "measured").path("rows").asLong() >= CUSTOMERS);
                report(poll, new FreshnessBenchmark(bench, stripe, operator).measure(moments(poll, changes)));
            }
        }
        Runtime.getRuntime().halt(0);
    }

    /** When each change is made, in nanoseconds from the start, in order. */
    private static List<Long> moments(int poll, int changes) {
        Random random = new Random(11);
        long span = Duration.ofSeconds(Math.max(60, 10L * poll)).toNanos();
        return random.longs(changes, 0, span).sorted().boxed().toList();
    }

    /** Makes them, and looks meanwhile which are there; nanoseconds from each to its row. */
    private List<Long> measure(List<Long> moments) throws Exception {
        List<Long> took = new ArrayList<>();
        Map<String, Long> awaited = new HashMap<>();
        try (Connection connection = bench.connection();
                PreparedStatement look =
                        connection.prepareStatement("select id from stripe.customer where id = any (?)")) {
            long start = System.nanoTime();
            int made = 0;
            while (took.size() < moments.size()) {
                while (made < moments.size() && System.nanoTime() - start >= moments.get(made)) {
                    long now = System.nanoTime();
                    awaited.put(stripe.data().create(StripeObjectType.CUSTOMER), now);
                    made++;
                }
                look.setArray(
                        1, connection.createArrayOf("text", awaited.keySet().toArray()));
                for (String found : found(look)) {
                    took.add(System.nanoTime() - awaited.remove(found));
                }
                operator.run(LOOK);
            }
        }
        return took;
    }

    private static List<String> found(PreparedStatement look) throws Exception {
        List<String> found = new ArrayList<>();
        try (ResultSet row = look.executeQuery()) {
            while (row.next()) {
                found.add(row.getString(1));
            }
        }
        return found;
    }

    private static void report(int poll, List<Long> nanos) {
        List<Double> sorted = nanos.stream().sorted().map(n -> n / 1e9).toList();
        System.out.printf(
                Locale.ROOT,
                "change to row, polled every %d s       median %.2f s   p99 %.2f s   most %.2f s   (%d changes)%n",
                poll,
                sorted.get(sorted.size() / 2),
                sorted.get((int) Math.ceil(sorted.size() * 0.99) - 1),
                sorted.getLast(),
                sorted.size());
    }
}

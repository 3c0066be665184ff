package io.sequin.benchmark;

import io.sequin.testkit.postgres.PostgresServer;
import io.sequin.testkit.stripe.ApiKey;
import io.sequin.testkit.stripe.FakeStripe;
import io.sequin.testkit.stripe.StripeObjectType;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * From a new object at the source to its row. To be run by hand: the arguments are the poll interval in seconds
 * (2) and the number of changes (100), each made at a random moment of an interval.
 */
public final class FreshnessBenchmark {
    private static final int CUSTOMERS = 200;

    private FreshnessBenchmark() {}

    /** Runs it and prints one line. */
    public static void main(String[] args) throws Exception {
        int poll = args.length > 0 ? Integer.parseInt(args[0]) : 2;
        int changes = args.length > 1 ? Integer.parseInt(args[1]) : 100;
        try (PostgresServer postgres = PostgresServer.start(18);
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
                report(poll, measure(bench, stripe, poll, changes));
            }
        }
        Runtime.getRuntime().halt(0);
    }

    private static List<Long> measure(Bench bench, FakeStripe stripe, int poll, int changes) throws Exception {
        Random random = new Random(11);
        List<Long> millis = new ArrayList<>();
        try (Connection connection = bench.connection();
                PreparedStatement look = connection.prepareStatement("select 1 from stripe.customer where id = ?")) {
            for (int i = 0; i < changes; i++) {
                Thread.sleep(random.nextInt(poll * 1000));
                Instant begin = Instant.now();
                look.setString(1, stripe.data().create(StripeObjectType.CUSTOMER));
                while (!found(look)) {
                    Thread.sleep(5);
                }
                millis.add(Duration.between(begin, Instant.now()).toMillis());
            }
        }
        return millis;
    }

    private static boolean found(PreparedStatement look) throws Exception {
        try (ResultSet row = look.executeQuery()) {
            return row.next();
        }
    }

    private static void report(int poll, List<Long> millis) {
        List<Long> sorted = millis.stream().sorted().toList();
        System.out.printf(
                Locale.ROOT,
                "change to row, polled every %d s       median %.2f s   p99 %.2f s   most %.2f s   (%d changes)%n",
                poll,
                sorted.get(sorted.size() / 2) / 1000.0,
                sorted.get((int) Math.ceil(sorted.size() * 0.99) - 1) / 1000.0,
                sorted.getLast() / 1000.0,
                sorted.size());
    }
}

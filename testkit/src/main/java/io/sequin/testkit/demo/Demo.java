package io.sequin.testkit.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.sequin.testkit.stripe.StripeObjectType;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** {@code mvn -Pdemo}: two manifests fill a Postgres, and keep it current, before your eyes. */
public final class Demo {
    private final DemoSettings settings;
    private final Console console;
    private final CountDownLatch stop;
    private final AtomicReference<@Nullable DemoWorld> world = new AtomicReference<>();
    /** Counted from the moment at which the manifests are applied: what comes before differs between machines. */
    private Instant end = Instant.MAX;

    private Demo(DemoSettings settings, Console console, CountDownLatch stop) {
        this.settings = settings;
        this.console = console;
        this.stop = stop;
    }

    /** Exit code 0: all Ready; 1: something isn't; 2: a wrong property. */
    public static void main(String[] args) throws InterruptedException {
        Console console = new Console(System.out);
        DemoSettings settings;
        try {
            settings = DemoSettings.from(System.getProperties());
        } catch (IllegalArgumentException e) {
            console.text(e.getMessage() + "\n\n" + DemoSettings.usage());
            System.exit(2);
            return;
        }
        if (settings.help()) {
            console.text(DemoSettings.usage());
            return;
        }
        CountDownLatch stop = new CountDownLatch(1);
        Demo demo = new Demo(settings, console, stop);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            stop.countDown();
            demo.closeWorld();
        }));
        int code = 1;
        try {
            code = demo.run() ? 0 : 1;
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            if (stop.getCount() > 0) {
                console.line("the demo failed: " + e);
                e.printStackTrace();
            }
        }
        if (stop.getCount() > 0) {
            // everything is closed; threads of libraries must not hold the process up
            Runtime.getRuntime().halt(code);
        }
    }

    /** After Ctrl-C: does not wait for whatever the demo was about to ask. */
    private void closeWorld() {
        DemoWorld open = world.get();
        if (open != null) {
            open.close();
        }
    }

    private boolean run() throws Exception {
        try (DemoWorld world = DemoWorld.start(settings, console)) {
            this.world.set(world);
            end = settings.runFor().map(Instant.now()::plus).orElse(Instant.MAX);
            View view = new View(world);
            cureMissingGrants(world, view);
            boolean filled = watchBackfill(view);
            if (filled) {
                printCommands(world);
                watchTail(world, view);
            }
            return summary(world, view);
        }
    }

    private boolean over() {
        return stop.getCount() == 0 || Instant.now().isAfter(end);
    }

    private boolean pause(Duration duration) throws InterruptedException {
        return !stop.await(duration.toMillis(), TimeUnit.MILLISECONDS) && !over();
    }

    /** The operator prints what is missing; the demo pastes it, as the database's owner would. */
    private void cureMissingGrants(DemoWorld world, View view) throws Exception {
        Set<String> pasted = new HashSet<>();
        do {
            JsonNode status = view.status("Destination");
            if (View.isTrue(status, "Ready")) {
                console.line("Destination " + View.condition(status, "Ready"));
                return;
            }
            for (JsonNode instruction : View.instructions(status)) {
                String sql = instruction.path("sql").asText();
                if (pasted.add(sql)) {
                    console.line("Destination %s: %s (run as %s)"
                            .formatted(
                                    View.condition(status, "Ready"),
                                    instruction.path("summary").asText(),
                                    instruction.path("runAs").asText()));
                    console.line("    app=# " + sql);
                    run(world, sql);
                }
            }
        } while (pause(Duration.ofSeconds(1)));
    }

    private static void run(DemoWorld world, String sql) throws SQLException {
        try (Connection connection = world.postgres().superuser(DemoWorld.DATABASE);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private boolean watchBackfill(View view) throws Exception {
        Instant since = Instant.now();
        do {
            JsonNode status = view.status("Sync");
            show(view, status);
            if (View.isTrue(status, "BackfillComplete")) {
                long rows =
                        view.rows().values().stream().mapToLong(Long::longValue).sum();
                double seconds = Duration.between(since, Instant.now()).toMillis() / 1000.0;
                console.line("backfilled %,d rows in %.1f s".formatted(rows, seconds));
                return true;
            }
        } while (pause(Duration.ofSeconds(1)));
        return false;
    }

    private void show(View view, JsonNode status) throws Exception {
        StringBuilder line = new StringBuilder("Sync " + View.condition(status, "Ready"));
        for (Map.Entry<String, Long> table : view.rows().entrySet()) {
            line.append(String.format(
                    java.util.Locale.ROOT,
                    "  %s %,d (%s)",
                    table.getKey(),
                    table.getValue(),
                    View.stateOf(status, table.getKey())));
        }
        console.line(line + "  lag " + view.lag());
    }

    private void printCommands(DemoWorld world) {
        console.text("""

                Look around, in another terminal:
                  PGPASSWORD=%s psql -h %s -p %d -U postgres %s -c 'select id, name, email, created from stripe.customer limit 5'
                  kubectl --kubeconfig %s -n %s get destinations,syncs
                  kubectl --kubeconfig %s -n %s describe sync stripe
                  curl %s
                Objects at the source change from now on.
                """.formatted(
                        world.postgres().superuserPassword(),
                        world.postgres().host(),
                        world.postgres().port(),
                        DemoWorld.DATABASE,
                        world.kubeconfig(),
                        DemoWorld.NAMESPACE,
                        world.kubeconfig(),
                        DemoWorld.NAMESPACE,
                        world.operator().uri("/metrics")));
    }

    private void watchTail(DemoWorld world, View view) throws Exception {
        Random random = new Random(7);
        int round = 0;
        // the last seconds belong to catching up, so that the summary compares a source that stands still
        while (!over() && Instant.now().isBefore(end.minusSeconds(10)) && pause(Duration.ofSeconds(1))) {
            Map<?, Integer> changes = world.stripe().data().churn(random, 5);
            if (round++ % 3 == 0) {
                console.line("changed at the source: " + changes);
                show(view, view.status("Sync"));
            }
        }
    }

    /** Whether all is Ready and each table has as many rows as the source has objects. */
    private boolean summary(DemoWorld world, View view) throws Exception {
        Map<String, Long> truth = Map.of(
                "customer", (long) world.stripe().data().count(StripeObjectType.CUSTOMER),
                "product", (long) world.stripe().data().count(StripeObjectType.PRODUCT),
                "charge", (long) world.stripe().data().count(StripeObjectType.CHARGE));
        Instant deadline = Instant.now().plusSeconds(20);
        Map<String, Long> rows = view.rows();
        while (!rows.equals(truth) && Instant.now().isBefore(deadline) && stop.getCount() > 0) {
            stop.await(500, TimeUnit.MILLISECONDS);
            rows = view.rows();
        }
        JsonNode destination = view.status("Destination");
        JsonNode sync = view.status("Sync");
        boolean good = rows.equals(truth) && View.isTrue(destination, "Ready") && View.isTrue(sync, "Ready");
        console.text("\nDestination  Ready=" + View.condition(destination, "Ready"));
        console.text("Sync         Ready=" + View.condition(sync, "Ready") + "  UpToDate="
                + View.condition(sync, "UpToDate"));
        for (String table : View.TABLES) {
            console.text(String.format(
                    java.util.Locale.ROOT,
                    "%-12s %,9d rows, %,9d at the source",
                    table,
                    rows.get(table),
                    truth.get(table)));
        }
        console.text(good ? "all Ready and equal" : "NOT all Ready and equal");
        return good;
    }
}

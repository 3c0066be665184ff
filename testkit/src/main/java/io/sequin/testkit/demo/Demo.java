package io.sequin.testkit.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** {@code mvn -Pdemo}: two manifests fill a Postgres, and keep it current, before your eyes. */
public final class Demo {
    /** So long a demo that ends by itself waits for its tables to be full. */
    private static final Duration FILL = Duration.ofMinutes(10);

    /** The last seconds belong to catching up, so that the summary compares a source that stands still. */
    private static final Duration QUIET = Duration.ofSeconds(10);

    private static final Duration LOOK = Duration.ofSeconds(1);

    private final DemoSettings settings;
    private final Console console;
    private final CountDownLatch stop;
    private final AtomicReference<@Nullable DemoWorld> world = new AtomicReference<>();
    /** Once the tables are full, of what is asked for: what comes before differs between machines. */
    private Instant end = Instant.MAX;

    private Demo(DemoSettings settings, Console console, CountDownLatch stop) {
        this.settings = settings;
        this.console = console;
        this.stop = stop;
    }

    /** Exit code 0: all Ready; 1: something isn't; 2: a wrong property. */
    public static void main(String[] args) throws InterruptedException {
        Console console = Console.system();
        DemoSettings settings;
        try {
            if (List.of(args).contains("--help")) {
                console.text(DemoSettings.usage());
                return;
            }
            settings =
                    DemoSettings.from(System.getProperties(), System.getenv().getOrDefault("MAVEN_CMD_LINE_ARGS", ""));
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
            end = settings.runFor().isPresent() ? Instant.now().plus(FILL) : Instant.MAX;
            View view = new View(world);
            cureMissingGrants(world, view);
            Dashboard dashboard = new Dashboard(console, view, world);
            boolean filled = watchBackfill(view, dashboard);
            if (filled) {
                printCommands(world);
                allowChanges();
                watchTail(world, view, dashboard);
            }
            console.keep();
            return summary(world, view);
        }
    }

    /** From now on the time counts that the demo is to last; it is enough for some changes. */
    private void allowChanges() {
        Duration least = QUIET.plusSeconds(5);
        end = settings.runFor()
                .map(asked -> Instant.now().plus(asked.compareTo(least) < 0 ? least : asked))
                .orElse(Instant.MAX);
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

    private boolean watchBackfill(View view, Dashboard dashboard) throws Exception {
        Instant since = Instant.now();
        do {
            JsonNode status = view.status("Sync");
            dashboard.show(status);
            if (View.isTrue(status, "BackfillComplete")) {
                console.keep();
                long rows =
                        view.rows().values().stream().mapToLong(Long::longValue).sum();
                double seconds = Duration.between(since, Instant.now()).toMillis() / 1000.0;
                console.line("backfilled %,d rows in %.1f s".formatted(rows, seconds));
                return true;
            }
        } while (pause(LOOK));
        return false;
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

    private void watchTail(DemoWorld world, View view, Dashboard dashboard) throws Exception {
        Random random = new Random(7);
        while (!over() && Instant.now().isBefore(end.minus(QUIET)) && pause(LOOK)) {
            String changes = DemoTables.change(world.stripe().data(), random);
            if (!console.canDraw()) {
                console.line("changed at the source: " + changes);
            }
            dashboard.show(view.status("Sync"));
        }
    }

    /** Whether all is Ready and each table has as many rows as the source has objects. */
    private boolean summary(DemoWorld world, View view) throws Exception {
        Map<String, Long> truth = DemoTables.totals(world.stripe().data());
        Instant deadline = Instant.now().plusSeconds(20);
        Map<String, Long> rows = view.rows();
        while (!differing(rows, truth).isEmpty() && Instant.now().isBefore(deadline) && stop.getCount() > 0) {
            stop.await(500, TimeUnit.MILLISECONDS);
            rows = view.rows();
        }
        JsonNode destination = view.status("Destination");
        JsonNode sync = view.status("Sync");
        List<String> differing = differing(rows, truth);
        boolean good = differing.isEmpty() && View.isTrue(destination, "Ready") && View.isTrue(sync, "Ready");
        console.text("\nDestination  Ready=" + View.condition(destination, "Ready"));
        console.text("Sync         Ready=" + View.condition(sync, "Ready") + "  UpToDate="
                + View.condition(sync, "UpToDate"));
        console.text(String.format(
                Locale.ROOT,
                "%,d rows in %d tables",
                rows.values().stream().mapToLong(Long::longValue).sum(),
                rows.size()));
        for (String table : differing) {
            console.text(String.format(
                    Locale.ROOT,
                    "%-28s %,9d rows, %,9d at the source",
                    table,
                    rows.getOrDefault(table, 0L),
                    truth.getOrDefault(table, 0L)));
        }
        console.text(good ? "all Ready and equal" : "NOT all Ready and equal");
        return good;
    }

    /** Tables whose rows are not as many as the source's objects; of kinds without a table nothing can be said. */
    private static List<String> differing(Map<String, Long> rows, Map<String, Long> truth) {
        Set<String> tables = new TreeSet<>(rows.keySet());
        tables.addAll(DemoTables.LARGE);
        return tables.stream()
                .filter(truth::containsKey)
                .filter(table -> !truth.getOrDefault(table, 0L).equals(rows.getOrDefault(table, 0L)))
                .toList();
    }
}

package io.sequin.install;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.sequin.testkit.image.ImageFiles;
import io.sequin.testkit.kube.ApiServer;
import io.sequin.testkit.operator.Installation;
import io.sequin.testkit.postgres.PostgresServer;
import io.sequin.testkit.process.Folders;
import io.sequin.testkit.process.JavaProcess;
import io.sequin.testkit.stripe.FakeStripe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What the operator needs while nothing happens: without a Sync, and with many that are live and wait for their next poll. To be
 * run by hand: the first argument is a folder that {@code mvn -Pimage package} made, the second the number of Syncs (1000), more
 * are flags for the operator's JVM. Prints a block for each; docs/benchmarks.md has the results.
 */
public final class IdleFootprint {
    private static final int DESTINATIONS = 10;
    private static final Duration QUIET = Duration.ofSeconds(60);
    private static final Duration LIMIT = Duration.ofMinutes(15);
    private static final String PASSWORD = "of-the-footprint";
    private static final String DATABASE = "idle";

    private final ImageFiles image;
    private final List<String> flags;
    private final ApiServer server = ApiServer.start();
    private final PostgresServer postgres = PostgresServer.start(18);
    private final FakeStripe stripe = FakeStripe.start();
    private final String namespace = server.namespace("idle");

    private IdleFootprint(ImageFiles image, List<String> flags) throws SQLException {
        this.image = image;
        this.flags = flags;
        stripe.data().seed(7, 10, 10, 10);
        new Installation(server.admin(), Command.ROOT.resolve("config")).crds();
        postgres.createRole(DATABASE, PASSWORD);
        try (Connection connection = postgres.superuser(PostgresServer.SUPERUSER);
                Statement statement = connection.createStatement()) {
            statement.execute("create database " + DATABASE + " owner " + DATABASE);
        }
        secret("db", Map.of("username", DATABASE, "password", PASSWORD));
        secret("ca", Map.of("ca.crt", postgres.authority().pem()));
        secret("stripe", Map.of("api-key", FakeStripe.TEST_KEY));
    }

    /** Runs it. */
    public static void main(String[] args) throws Exception {
        int syncs = args.length > 1 ? Integer.parseInt(args[1]) : 1000;
        List<String> flags = Arrays.asList(args).subList(Math.min(2, args.length), args.length);
        new IdleFootprint(new ImageFiles(Path.of(args[0])), flags).run(syncs);
        Runtime.getRuntime().halt(0);
    }

    private void run(int syncs) throws Exception {
        String account = new Installation(server.admin(), Command.ROOT.resolve("config")).rights(namespace);
        Path scratch = Folders.temporary("sequin-idle");
        Path kubeconfig = Files.writeString(scratch.resolve("kubeconfig"), server.kubeconfigFor(namespace, account));
        try (JavaProcess operator = JavaProcess.start(command(kubeconfig), scratch.resolve("operator.log"))) {
            operator.waitFor(Duration.ofSeconds(10));
            report("no Sync", operator);
            Instant begin = Instant.now();
            for (int i = 0; i < DESTINATIONS; i++) {
                destination(i);
            }
            for (int i = 0; i < syncs; i++) {
                sync(i);
            }
            awaitLive(operator, syncs);
            System.out.printf(
                    Locale.ROOT,
                    "%d Syncs live after %d s%n",
                    syncs,
                    Duration.between(begin, Instant.now()).toSeconds());
            report(syncs + " idle Syncs", operator);
            System.out.println(
                    jcmd(operator, "GC.class_histogram").lines().limit(30).reduce("", (a, b) -> a + b + "\n"));
        }
    }

    /** As in the chart's container of 320 MiB. */
    private JavaProcess.Command command(Path kubeconfig) throws IOException {
        List<String> options = new ArrayList<>(Files.readAllLines(image.options()));
        options.removeIf(line -> !line.startsWith("-") || line.startsWith("-XX:AOTCache="));
        options.addAll(List.of("-XX:AOTCache=" + image.cache(), "-XX:MaxRAM=320m"));
        options.addAll(flags);
        return JavaProcess.Command.ofJar(image.jar())
                .withJava(image.java())
                .withJvmOptions(options.toArray(String[]::new))
                .withArguments(
                        "--namespaces=" + namespace,
                        "--lease-namespace=" + namespace,
                        "--cluster-id=footprint",
                        "--http-port=0",
                        "--source-endpoint=stripe=" + stripe.baseUri())
                .withEnvironment("KUBECONFIG", kubeconfig.toString());
    }

    private void report(String what, JavaProcess operator) throws Exception {
        ProcFiles proc = new ProcFiles(operator.pid());
        operator.waitFor(QUIET);
        double before = proc.cpu();
        long requests = stripe.requests().total();
        operator.waitFor(Duration.ofMinutes(1));
        System.out.printf(
                Locale.ROOT,
                "%s: RSS %d MB (anonymous %d, in the cache's mappings %d), most %d MB, %d threads, %.2f CPU s and %d requests in"
                        + " a minute, %d connections to Postgres%n",
                what,
                proc.memory("VmRSS"),
                proc.anonymous(),
                proc.mapped(image.cache().getFileName().toString()),
                proc.memory("VmHWM"),
                proc.threads(),
                proc.cpu() - before,
                stripe.requests().total() - requests,
                connections());
        jcmd(operator, "GC.run");
        System.out.println(jcmd(operator, "GC.heap_info"));
    }

    private int connections() throws SQLException {
        try (Connection connection = postgres.superuser(PostgresServer.SUPERUSER);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "select count(*) from pg_stat_activity where usename = '" + DATABASE + "'")) {
            row.next();
            return row.getInt(1);
        }
    }

    /** The JDK's that runs this: the image has none. */
    private static String jcmd(JavaProcess operator, String command) throws IOException {
        Path program = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        return Command.run(Command.ROOT, Map.of(), List.of(program.toString(), String.valueOf(operator.pid()), command))
                .ok();
    }

    private void awaitLive(JavaProcess operator, int syncs) throws InterruptedException {
        Instant deadline = Instant.now().plus(LIMIT);
        long live = 0;
        while (live < syncs) {
            if (operator.waitFor(Duration.ofSeconds(2)).isPresent()
                    || Instant.now().isAfter(deadline)) {
                throw new IllegalStateException(live + " live\n" + String.join("\n", operator.tail(30)));
            }
            live = server
                    .admin()
                    .genericKubernetesResources("sequin.io/v1alpha1", "Sync")
                    .inNamespace(namespace)
                    .list()
                    .getItems()
                    .stream()
                    .filter(IdleFootprint::isUpToDate)
                    .count();
        }
    }

    private static boolean isUpToDate(GenericKubernetesResource sync) {
        Map<String, Object> status = sync.get("status");
        return status != null
                && status.get("conditions") instanceof List<?> conditions
                && conditions.stream()
                        .anyMatch(each -> each instanceof Map<?, ?> condition
                                && "UpToDate".equals(condition.get("type"))
                                && "True".equals(condition.get("status")));
    }

    private void destination(int i) {
        object("Destination", "d" + i, """
                {"postgres": {"credentialsSecretRef": {"name": "db"}, "host": "%s", "port": %d, "database": "%s",
                 "tls": {"caFrom": {"secretKeyRef": {"name": "ca", "key": "ca.crt"}}}}}""".formatted(postgres.host(), postgres.port(), DATABASE));
    }

    private void sync(int i) {
        object("Sync", "s" + i, """
                {"destinationRef": {"name": "d%d"}, "schema": "s%d", "pollInterval": "10m", "tables": {"include": ["product"]},
                 "source": {"stripe": {"apiKeySecretRef": {"name": "stripe", "key": "api-key"}}}}""".formatted(i % DESTINATIONS, i));
    }

    private void object(String kind, String name, String spec) {
        server.admin().resource("""
                        {"apiVersion": "sequin.io/v1alpha1", "kind": "%s",
                         "metadata": {"name": "%s", "namespace": "%s"}, "spec": %s}""".formatted(kind, name, namespace, spec)).serverSideApply();
    }

    private void secret(String name, Map<String, String> values) {
        server.apply(new SecretBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(name)
                .endMetadata()
                .withStringData(values)
                .build());
    }
}

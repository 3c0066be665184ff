package io.sequin.install;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.sequin.testkit.image.ImageFiles;
import io.sequin.testkit.kube.ApiServer;
import io.sequin.testkit.operator.Installation;
import io.sequin.testkit.postgres.PostgresServer;
import io.sequin.testkit.process.Folders;
import io.sequin.testkit.process.JavaProcess;
import io.sequin.testkit.stripe.ApiKey;
import io.sequin.testkit.stripe.FakeStripe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * Start, memory and processor time of the operator under different flags of its JVM, side by side: each round runs every
 * variant once. To be run by hand: the first argument is a folder that {@code mvn -Pimage package} made, the second the
 * number of objects (50000), the third the number of rounds (3). Prints a line a run; docs/benchmarks.md has the results.
 */
public final class Footprint {
    private static final String API_KEY = "rk_test_footprint01234567";
    private static final String PASSWORD = "of-the-footprint";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LIMIT = Duration.ofMinutes(10);

    private final ImageFiles image;
    private final int objects;
    private final ApiServer server = ApiServer.start();
    private final PostgresServer postgres = PostgresServer.start(18);
    private final FakeStripe stripe = FakeStripe.start();

    private Footprint(ImageFiles image, int objects) {
        this.image = image;
        this.objects = objects;
        stripe.keys().add(ApiKey.secret(API_KEY, FakeStripe.ACCOUNT));
        stripe.data().seed(7, objects * 2 / 5, objects / 50, objects - objects * 2 / 5 - objects / 50);
        new Installation(server.admin(), Command.ROOT.resolve("config")).crds();
    }

    /** Runs it. */
    public static void main(String[] args) throws Exception {
        int objects = args.length > 1 ? Integer.parseInt(args[1]) : 50_000;
        int rounds = args.length > 2 ? Integer.parseInt(args[2]) : 3;
        Footprint footprint = new Footprint(new ImageFiles(Path.of(args[0])), objects);
        Map<String, List<String>> variants = footprint.variants();
        if (args.length > 3) {
            variants.keySet().retainAll(List.of(args[3].split(",")));
        }
        System.out.println("variant      start s  start cpu s  idle MB  backfill s  backfill cpu s  after MB  peak MB");
        for (int round = 0; round < rounds; round++) {
            for (Map.Entry<String, List<String>> variant : variants.entrySet()) {
                System.out.println(footprint.run(variant.getKey(), variant.getValue()));
            }
        }
        Runtime.getRuntime().halt(0);
    }

    /** As in a container of 320 MiB, where the JVM would choose the serial collector and a heap of a quarter by itself. */
    private Map<String, List<String>> variants() throws IOException {
        List<String> chosen = new ArrayList<>(Files.readAllLines(image.options()));
        chosen.removeIf(line -> !line.startsWith("-") || line.startsWith("-XX:AOTCache="));
        List<String> first = with(chosen, "-XX:TieredStopAtLevel=1");
        String cache = "-XX:AOTCache=" + image.cache();
        Map<String, List<String>> variants = new LinkedHashMap<>();
        variants.put("default", List.of());
        variants.put("c1+c2", chosen);
        variants.put("c1", first);
        variants.put("c1+c2+aot", with(chosen, cache));
        variants.put("c1+aot", with(first, cache));
        return variants;
    }

    private static List<String> with(List<String> flags, String more) {
        List<String> all = new ArrayList<>(flags);
        all.add(more);
        return all;
    }

    private String run(String variant, List<String> flags) throws Exception {
        String namespace = server.namespace("footprint");
        String account = new Installation(server.admin(), Command.ROOT.resolve("config")).rights(namespace);
        Path scratch = Folders.temporary("sequin-footprint");
        Path kubeconfig = Files.writeString(scratch.resolve("kubeconfig"), server.kubeconfigFor(namespace, account));
        apply(namespace);
        Instant begin = Instant.now();
        try (JavaProcess operator = JavaProcess.start(
                JavaProcess.Command.ofJar(image.jar())
                        .withJava(image.java())
                        .withJvmOptions(with(flags, "-XX:MaxRAM=320m").toArray(String[]::new))
                        .withArguments(
                                "--namespaces=" + namespace,
                                "--lease-namespace=" + namespace,
                                "--cluster-id=footprint",
                                "--http-port=0",
                                "--source-endpoint=stripe=" + stripe.baseUri())
                        .withEnvironment("KUBECONFIG", kubeconfig.toString()),
                scratch.resolve("operator.log"))) {
            ProcFiles proc = new ProcFiles(operator.pid());
            await(operator, () -> status(namespace, "Destination").has("observedGeneration"));
            double start = seconds(begin);
            double startCpu = proc.cpu();
            operator.waitFor(Duration.ofSeconds(8));
            long idle = proc.memory("VmRSS");
            double before = proc.cpu();
            begin = Instant.now();
            server.admin()
                    .genericKubernetesResources("sequin.io/v1alpha1", "Sync")
                    .inNamespace(namespace)
                    .withName("measured")
                    .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\": {\"suspend\": false}}");
            await(operator, () -> status(namespace, "Sync").path("rows").asLong() >= objects);
            double backfill = seconds(begin);
            double backfillCpu = proc.cpu() - before;
            operator.waitFor(Duration.ofSeconds(3));
            return String.format(
                    Locale.ROOT,
                    "%-12s %7.2f %12.2f %8d %11.1f %15.1f %9d %8d",
                    variant,
                    start,
                    startCpu,
                    idle,
                    backfill,
                    backfillCpu,
                    proc.memory("VmRSS"),
                    proc.memory("VmHWM"));
        }
    }

    private void apply(String namespace) throws Exception {
        String user = namespace.replace('-', '_');
        postgres.createRole(user, PASSWORD);
        try (Connection connection = postgres.superuser(PostgresServer.SUPERUSER);
                Statement statement = connection.createStatement()) {
            statement.execute("create database " + user + " owner " + user);
        }
        secret(namespace, "db", Map.of("username", user, "password", PASSWORD));
        secret(namespace, "ca", Map.of("ca.crt", postgres.authority().pem()));
        secret(namespace, "stripe", Map.of("api-key", API_KEY));
        object(namespace, "Destination", """
                {"postgres": {"credentialsSecretRef": {"name": "db"}, "host": "%s", "port": %d, "database": "%s",
                 "tls": {"caFrom": {"secretKeyRef": {"name": "ca", "key": "ca.crt"}}}}}""".formatted(postgres.host(), postgres.port(), user));
        object(namespace, "Sync", """
                {"destinationRef": {"name": "measured"}, "schema": "stripe", "suspend": true,
                 "tables": {"include": ["customer", "product", "charge"]},
                 "source": {"stripe": {"apiKeySecretRef": {"name": "stripe", "key": "api-key"}}}}""");
    }

    private void secret(String namespace, String name, Map<String, String> values) {
        server.apply(new SecretBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(name)
                .endMetadata()
                .withStringData(values)
                .build());
    }

    private void object(String namespace, String kind, String spec) {
        server.admin().resource("""
                        {"apiVersion": "sequin.io/v1alpha1", "kind": "%s",
                         "metadata": {"name": "measured", "namespace": "%s"}, "spec": %s}""".formatted(kind, namespace, spec)).serverSideApply();
    }

    private JsonNode status(String namespace, String kind) {
        GenericKubernetesResource found = Installation.read(server.admin(), kind, namespace, "measured");
        return JSON.valueToTree(found.getAdditionalProperties()).path("status");
    }

    private static void await(JavaProcess operator, BooleanSupplier reached) throws InterruptedException {
        Instant deadline = Instant.now().plus(LIMIT);
        while (!reached.getAsBoolean()) {
            if (operator.waitFor(Duration.ofMillis(20)).isPresent()
                    || Instant.now().isAfter(deadline)) {
                throw new IllegalStateException(String.join("\n", operator.tail(30)));
            }
        }
    }

    private static double seconds(Instant since) {
        return Duration.between(since, Instant.now()).toMillis() / 1000.0;
    }
}

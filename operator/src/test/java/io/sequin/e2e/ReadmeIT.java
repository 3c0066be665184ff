package io.sequin.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.sequin.testkit.kube.ApiServer;
import io.sequin.testkit.kube.HelmProgram;
import io.sequin.testkit.postgres.PostgresServer;
import io.sequin.testkit.process.Folders;
import io.sequin.testkit.process.JavaProcess;
import io.sequin.testkit.stripe.ApiKey;
import io.sequin.testkit.stripe.FakeStripe;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Follows the README from top to bottom: every command, statement and manifest in it, as it stands there. */
class ReadmeIT {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```(sh|sql|yaml)\\n(.*?)^```$");

    /**
     * What builds or tests the project itself can't run inside its test, nor does a container; DemoIT runs what
     * {@code -Pdemo} runs.
     */
    private static final List<String> EXEMPT =
            List.of("mvn -Pdemo", "mvn verify", "docker build -t sequin-operator:0.1.0-SNAPSHOT .");

    private static final String API_KEY = "rk_test_readme0123456789";
    private static final String PASSWORD = "of-the-readme-4711";

    @Test
    void theReadmeFromTopToBottomEndsWithACompleteBackfill() throws Exception {
        Path folder = Folders.temporary("readme");
        Files.createSymbolicLink(folder.resolve("config"), ROOT.resolve("config"));
        Files.createSymbolicLink(folder.resolve("helm"), ROOT.resolve("helm"));
        List<String> done = new ArrayList<>();
        try (ApiServer server = ApiServer.start();
                PostgresServer postgres = PostgresServer.start(18);
                FakeStripe stripe = FakeStripe.start()) {
            Files.writeString(folder.resolve("kubeconfig"), server.kubeconfig());
            stripe.keys().add(ApiKey.secret(API_KEY, FakeStripe.ACCOUNT));
            stripe.data().seed(1, 150, 20, 250);
            try (Connection connection = postgres.superuser(PostgresServer.SUPERUSER);
                    Statement statement = connection.createStatement()) {
                statement.execute("create database app");
            }
            List<JavaProcess> operators = new ArrayList<>();
            try {
                Matcher blocks = BLOCK.matcher(Files.readString(ROOT.resolve("README.md")));
                while (blocks.find()) {
                    String text =
                            blocks.group(2).replace("YOUR_PASSWORD", PASSWORD).replace("YOUR_STRIPE_KEY", API_KEY);
                    switch (blocks.group(1)) {
                        case "sql" -> sql(postgres, text);
                        case "yaml" -> yaml(folder, postgres, text);
                        default -> {
                            for (String line : text.lines().toList()) {
                                if (!EXEMPT.contains(line)) {
                                    shell(folder, server, line);
                                }
                                if (line.startsWith("helm install")) {
                                    operators.add(operator(folder, server, stripe));
                                }
                            }
                        }
                    }
                    done.add(blocks.group(1));
                }
            } finally {
                operators.forEach(JavaProcess::close);
            }
            assertThat(operators).hasSize(1);
            assertThat(done).contains("sql", "yaml", "sh");
        }
    }

    private static void sql(PostgresServer postgres, String text) throws Exception {
        try (Connection connection = postgres.superuser("app");
                Statement statement = connection.createStatement()) {
            statement.execute(text);
        }
    }

    /** Only the address and its authority are ours. */
    private static void yaml(Path folder, PostgresServer postgres, String text) throws IOException {
        String ca = postgres.authority().pem().indent(4);
        Files.writeString(folder.resolve("stripe.yaml"), """
                apiVersion: v1
                kind: Secret
                metadata: {name: ca}
                stringData:
                  ca.crt: |
                %s---
                %s""".formatted(
                        ca, text.replace("host: db.example.com", """
                host: %s
                    port: %d
                    tls: {caFrom: {secretKeyRef: {name: ca, key: ca.crt}}}""".formatted(postgres.host(), postgres.port()))));
    }

    /** Does what a node would: runs the Deployment's one container, as its ServiceAccount and with its arguments. */
    private static JavaProcess operator(Path folder, ApiServer server, FakeStripe stripe) throws IOException {
        Deployment deployment = server.admin()
                .apps()
                .deployments()
                .inNamespace("sequin-system")
                .withName("sequin-operator")
                .require();
        PodSpec pod = deployment.getSpec().getTemplate().getSpec();
        Path kubeconfig = Files.writeString(
                folder.resolve("operator-kubeconfig"),
                server.kubeconfigFor("sequin-system", pod.getServiceAccountName()));
        return JavaProcess.start(
                JavaProcess.Command.ofJar(Path.of(System.getProperty("sequin.operator.jar")))
                        .withArguments(pod.getContainers().getFirst().getArgs().toArray(String[]::new))
                        .withEnvironment("KUBECONFIG", kubeconfig.toString())
                        .withEnvironment("SEQUIN_HTTP_PORT", "0")
                        .withEnvironment("SEQUIN_SOURCE_ENDPOINT", "stripe=" + stripe.baseUri()),
                folder.resolve("operator.log"));
    }

    private static void shell(Path folder, ApiServer server, String line) throws Exception {
        File output = folder.resolve("output").toFile();
        ProcessBuilder builder = new ProcessBuilder("bash", "-c", line)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output);
        builder.environment().put("KUBECONFIG", folder.resolve("kubeconfig").toString());
        builder.environment()
                .merge(
                        "PATH",
                        server.kubectl().getParent() + ":" + HelmProgram.path().getParent(),
                        (path, first) -> first + ":" + path);
        Process process = builder.start();
        try {
            assertThat(process.waitFor(3, TimeUnit.MINUTES)).as(line).isTrue();
            assertThat(process.exitValue())
                    .as("%s\n%s", line, Files.readString(output.toPath()))
                    .isZero();
        } finally {
            process.destroyForcibly();
        }
    }
}

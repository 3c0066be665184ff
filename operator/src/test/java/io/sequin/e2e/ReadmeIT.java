package io.sequin.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.sequin.testkit.kube.ApiServer;
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
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Follows the README from top to bottom, and what it leads to. */
class ReadmeIT {
    /**
     * What builds or tests the project itself can't run inside its test, nor does a container; DemoIT runs what
     * {@code -Pdemo} runs.
     */
    private static final List<String> EXEMPT =
            List.of("mvn -Pdemo", "mvn verify", "docker build -t sequin-operator:0.1.0-SNAPSHOT .");

    @Test
    void theReadmeFromTopToBottomEndsWithACompleteBackfill() throws Exception {
        Path folder = Folders.temporary("readme");
        Files.createSymbolicLink(folder.resolve("config"), Walkthrough.ROOT.resolve("config"));
        Files.createSymbolicLink(folder.resolve("helm"), Walkthrough.ROOT.resolve("helm"));
        List<JavaProcess> operators = new ArrayList<>();
        try (ApiServer server = ApiServer.start();
                PostgresServer postgres = database();
                FakeStripe stripe = stripe()) {
            Walkthrough walk = new Walkthrough(folder, server, postgres);
            List<String> done = walk.follow(Walkthrough.ROOT.resolve("README.md"), new Walkthrough.Reader() {
                @Override
                public boolean runs(String line) {
                    return !EXEMPT.contains(line);
                }

                @Override
                public void ran(String line) throws IOException {
                    if (line.startsWith("helm install")) {
                        operators.add(operator(folder, server, stripe));
                    }
                }
            });

            assertThat(operators).hasSize(1);
            assertThat(done).contains("sql", "yaml").anyMatch(line -> line.contains("condition=BackfillComplete"));
        } finally {
            operators.forEach(JavaProcess::close);
        }
    }

    static PostgresServer database() throws Exception {
        PostgresServer postgres = PostgresServer.start(18);
        try (Connection connection = postgres.superuser(PostgresServer.SUPERUSER);
                Statement statement = connection.createStatement()) {
            statement.execute("create database app");
        }
        return postgres;
    }

    static FakeStripe stripe() {
        FakeStripe stripe = FakeStripe.start();
        stripe.keys().add(ApiKey.secret(Walkthrough.API_KEY, FakeStripe.ACCOUNT));
        stripe.data().seed(1, 150, 20, 250);
        return stripe;
    }

    /** Does what a node would: runs the Deployment's one container, as its ServiceAccount and with its arguments. */
    static JavaProcess operator(Path folder, ApiServer server, FakeStripe stripe) throws IOException {
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
}

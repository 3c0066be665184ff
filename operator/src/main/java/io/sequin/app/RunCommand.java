package io.sequin.app;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.sequin.app.config.ConfigException;
import io.sequin.app.config.Environment;
import io.sequin.app.config.OperatorConfig;
import io.sequin.app.config.RunOptions;
import io.sequin.network.http.HttpConnections;
import io.sequin.network.http.Proxies;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs the operator until it is told to stop. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        description = "Runs the operator (the default). Each flag has an environment variable too:"
                + " --http-port is SEQUIN_HTTP_PORT. The cluster is found as kubectl finds it: KUBECONFIG, or the"
                + " pod's ServiceAccount.",
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:stopped by SIGTERM or SIGINT, in good order",
            "1:the Lease was lost, a cache stopped, or it could not start",
            "2:a flag or an environment variable is unknown or invalid"
        })
final class RunCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(RunCommand.class);
    private static final Duration LEAST_DEADLINE = Duration.ofSeconds(1);
    private static final Duration CLOCKS_DIFFER = Duration.ofSeconds(2);

    private final Map<String, String> environment;
    private final Function<Proxies, KubernetesClient> cluster;

    @Mixin
    private RunOptions options = new RunOptions();

    @Spec
    private @Nullable CommandSpec spec;

    /** @param cluster makes the client, by the proxies of the environment */
    RunCommand(Map<String, String> environment, Function<Proxies, KubernetesClient> cluster) {
        this.environment = environment;
        this.cluster = cluster;
    }

    @Override
    public Integer call() throws InterruptedException {
        OperatorConfig config = config();
        Logging.configure(config.log());
        LOG.info("configuration: {}", String.join(" ", config.flags()));
        Proxies proxies = proxies();
        HttpConnections web = web(config, proxies);
        Exit exit = new Exit(deadlineWithoutLease(config));
        OperatorApp app;
        try {
            app = new OperatorApp(
                    config,
                    cluster.apply(proxies),
                    instance(),
                    (credentials, known, clock, random, recorder) ->
                            new PostgresLoopBodies(config.sources(), web, credentials, known, clock, random, recorder),
                    exit::failed);
        } catch (ConfigException e) {
            throw invalid(e);
        } catch (RuntimeException e) {
            LOG.error("could not start", e);
            return 1;
        }
        exit.onShutdown(app);
        try {
            app.start();
        } catch (RuntimeException e) {
            LOG.error("could not start", e);
            exit.failed();
        }
        new CountDownLatch(1).await();
        return 0;
    }

    private OperatorConfig config() {
        CommandSpec command = Objects.requireNonNull(spec, "set by picocli");
        try {
            new Environment(environment).check(command);
            return options.toConfig(PostgresLoopBodies.KINDS);
        } catch (ConfigException e) {
            throw invalid(e);
        }
    }

    private Proxies proxies() {
        try {
            return Proxies.of(environment);
        } catch (IllegalArgumentException e) {
            throw invalid(new ConfigException(String.valueOf(e.getMessage())));
        }
    }

    private HttpConnections web(OperatorConfig config, Proxies proxies) {
        try {
            return HttpConnections.of(proxies, config.sources().caFile());
        } catch (IllegalArgumentException e) {
            throw invalid(new ConfigException("--source-ca-file: " + e.getMessage()));
        }
    }

    private ParameterException invalid(ConfigException e) {
        return new ParameterException(
                Objects.requireNonNull(spec, "set by picocli").commandLine(), e.getMessage());
    }

    /** The pod's name and something random: a pod that restarts keeps its name, and must not take itself for its past. */
    private String instance() {
        String host = environment.getOrDefault("POD_NAME", environment.getOrDefault("HOSTNAME", "sequin-operator"));
        return host + "-" + UUID.randomUUID().toString().substring(0, 8);
    }

    /** What is left of the Lease when its renewal was given up, less a margin for clocks that differ. */
    private static Duration deadlineWithoutLease(OperatorConfig config) {
        Duration left =
                config.lease().duration().minus(config.lease().renewDeadline()).minus(CLOCKS_DIFFER);
        return left.compareTo(LEAST_DEADLINE) < 0 ? LEAST_DEADLINE : left;
    }
}

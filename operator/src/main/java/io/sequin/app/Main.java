package io.sequin.app;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.sequin.app.config.Environment;
import io.sequin.network.http.Proxies;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line; {@code run} is the default. */
@Command(
        name = "sequin-operator",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Syncs SaaS APIs into your own Postgres. Without a command it runs.")
public final class Main {
    private static final Set<String> ABOUT = Set.of("-h", "--help", "-V", "--version");

    private Main() {}

    /** Ends the process with 0, 1 or 2; see {@code run --help}. */
    public static void main(String[] args) {
        Map<String, String> environment = System.getenv();
        if (Stream.of(args).anyMatch(ABOUT::contains)) {
            System.exit(execute(environment, args));
        }
        Logging.off();
        Ahead ahead = Ahead.start(environment);
        System.exit(command(environment, proxies -> ahead.client()).execute(withDefault(args)));
    }

    static int execute(Map<String, String> environment, String... args) {
        return command(environment).execute(withDefault(args));
    }

    static CommandLine command(Map<String, String> environment) {
        return command(environment, ClusterClient::fromEnvironment);
    }

    private static CommandLine command(Map<String, String> environment, Function<Proxies, KubernetesClient> cluster) {
        CommandLine run = new CommandLine(new RunCommand(environment, cluster));
        run.setDefaultValueProvider(new Environment(environment));
        return new CommandLine(new Main()).addSubcommand("run", run).setParameterExceptionHandler(new UsageError());
    }

    static String[] withDefault(String... args) {
        boolean explicit = args.length > 0 && (!args[0].startsWith("-") || ABOUT.contains(args[0]));
        return explicit
                ? args
                : Stream.concat(Stream.of("run"), Stream.of(args)).toArray(String[]::new);
    }
}

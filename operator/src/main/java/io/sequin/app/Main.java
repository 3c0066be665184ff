package io.sequin.app;

import io.sequin.app.config.Environment;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
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

    private static final Logger LOG = LoggerFactory.getLogger(Main.class);

    private Main() {}

    /** Ends the process with 0, 1 or 2; see {@code run --help}. */
    public static void main(String[] args) {
        Thread.ofPlatform().daemon().name("authorities").start(Main::readAuthorities);
        System.exit(execute(System.getenv(), args));
    }

    /** Meanwhile, since it takes a tenth of a second; who needs them first waits for it, and is told what is wrong. */
    private static void readAuthorities() {
        try {
            SSLContext.getDefault();
        } catch (NoSuchAlgorithmException e) {
            LOG.debug("the JDK's authorities could not be read ahead", e);
        }
    }

    static int execute(Map<String, String> environment, String... args) {
        return command(environment).execute(withDefault(args));
    }

    static CommandLine command(Map<String, String> environment) {
        CommandLine run = new CommandLine(new RunCommand(environment));
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

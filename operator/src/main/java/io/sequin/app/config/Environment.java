package io.sequin.app.config;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Values of flags from environment variables: {@code --http-port} is {@code SEQUIN_HTTP_PORT}. */
public final class Environment implements IDefaultValueProvider {
    private static final String PREFIX = "SEQUIN_";
    /**
     * Variables that Kubernetes itself sets in a pod for each Service of its namespace, here one whose name begins with
     * {@code sequin} (Kubernetes documentation, "Service", environment variables).
     */
    private static final Pattern SERVICE_LINK =
            Pattern.compile("SEQUIN_.*(_SERVICE_HOST|_SERVICE_PORT(_.*)?|_PORT_[0-9]+_(TCP|UDP|SCTP)(_.*)?)");

    private static final Pattern SERVICE_LINK_PORT = Pattern.compile("(tcp|udp|sctp)://.*");

    private final Map<String, String> variables;

    public Environment(Map<String, String> variables) {
        this.variables = Map.copyOf(variables);
    }

    @Override
    public @Nullable String defaultValue(ArgSpec arg) {
        return arg instanceof OptionSpec option ? variables.get(variable(option.longestName())) : null;
    }

    /**
     * Refuses what nobody would read: most likely a slip of the pen.
     *
     * @throws ConfigException names the variable and those that exist
     */
    public void check(CommandSpec command) {
        Set<String> known = new TreeSet<>();
        command.options().stream()
                .map(OptionSpec::longestName)
                .filter(name -> !List.of("--help", "--version").contains(name))
                .forEach(name -> known.add(variable(name)));
        variables.forEach((name, value) -> {
            if (name.startsWith(PREFIX) && !known.contains(name) && !isServiceLink(name, value)) {
                throw new ConfigException(
                        "unknown environment variable " + name + "; known are " + String.join(", ", known));
            }
        });
    }

    private static boolean isServiceLink(String name, String value) {
        return SERVICE_LINK.matcher(name).matches()
                || (name.endsWith("_PORT") && SERVICE_LINK_PORT.matcher(value).matches());
    }

    private static String variable(String flag) {
        return PREFIX + flag.replaceFirst("^-+", "").replace('-', '_').toUpperCase(Locale.ROOT);
    }
}

package io.sequin.testkit.demo;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What the demo was asked for, by {@code -Ddemo.*} properties.
 *
 * @param runFor ends by itself so long after its tables are full; empty: until Ctrl-C
 * @param objects how many objects the stand-in for Stripe begins with
 * @param kubeconfig the user's own cluster; empty: a local API server
 * @param jar the packaged operator
 * @param config the project's {@code config} folder
 */
record DemoSettings(
        Optional<Duration> runFor, int objects, Optional<Path> kubeconfig, Path jar, Path config, boolean help) {
    private static final Set<String> KNOWN =
            Set.of("demo.for", "demo.objects", "demo.kubeconfig", "demo.jar", "demo.config", "demo.help");

    private static final Pattern NAMED = Pattern.compile("(?:^|\\s)-D(demo\\.[^=\\s]+)");

    /**
     * Reads them.
     *
     * @param mavenArguments what {@code mvn} was called with: Maven hands on the properties it knows and drops a
     *     misspelt one
     * @throws IllegalArgumentException naming the property and what it allows
     */
    static DemoSettings from(Properties properties, String mavenArguments) {
        Set<String> unknown = new TreeSet<>(properties.stringPropertyNames());
        NAMED.matcher(mavenArguments).results().forEach(named -> unknown.add(named.group(1)));
        unknown.removeIf(name -> !name.startsWith("demo.") || KNOWN.contains(name));
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException(
                    "unknown " + String.join(", ", unknown) + "; there are " + String.join(", ", new TreeSet<>(KNOWN)));
        }
        return new DemoSettings(
                text(properties, "demo.for").map(DemoSettings::duration),
                text(properties, "demo.objects").map(DemoSettings::count).orElse(50_000),
                text(properties, "demo.kubeconfig").map(DemoSettings::file),
                file(text(properties, "demo.jar").orElse("operator/target/sequin-operator.jar")),
                Path.of(text(properties, "demo.config").orElse("config")),
                text(properties, "demo.help").isPresent());
    }

    private static Optional<String> text(Properties properties, String name) {
        return Optional.ofNullable(properties.getProperty(name)).filter(value -> !value.isBlank());
    }

    private static Duration duration(String value) {
        try {
            return Duration.parse("PT" + value.toUpperCase(java.util.Locale.ROOT));
        } catch (java.time.DateTimeException e) {
            throw new IllegalArgumentException("demo.for=" + value + " is not a duration such as 60s or 5m", e);
        }
    }

    private static int count(String value) {
        try {
            int count = Integer.parseInt(value.replace("_", ""));
            if (count >= 10 && count <= 5_000_000) {
                return count;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("demo.objects=" + value + " is not a number", e);
        }
        throw new IllegalArgumentException("demo.objects=" + value + " is not between 10 and 5000000");
    }

    private static Path file(String value) {
        Path path = Path.of(value).toAbsolutePath();
        if (!Files.isReadable(path)) {
            throw new IllegalArgumentException(path + " can't be read");
        }
        return path;
    }

    static String usage() {
        return """
                mvn -Pdemo [-Ddemo.NAME=VALUE ...]
                  demo.for=60s           end by itself so long after its tables are full: exit 0 with a summary, 1 if
                                         something isn't Ready
                  demo.objects=50000     how many objects the stand-in for Stripe begins with
                  demo.kubeconfig=FILE   use your own cluster: the CRDs stay there, namespace sequin-demo goes at the end
                  demo.help              this text
                """;
    }
}

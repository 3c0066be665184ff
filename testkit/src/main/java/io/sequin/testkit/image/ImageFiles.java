package io.sequin.testkit.image;

import io.sequin.testkit.process.Folders;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/**
 * What the image holds, as a folder: {@code opt/java}, a Java runtime with only the modules that the operator uses, and
 * {@code app}, its jar, libraries, JVM options and AOT cache.
 *
 * @param root the folder that becomes the image's root
 */
public record ImageFiles(Path root) {
    /** Those that jdeps finds in the jars, and three that are found by name only: TLS curves, DNS, the host's metrics. */
    private static final List<String> MODULES = List.of(
            "java.base",
            "java.logging",
            "java.management",
            "java.naming",
            "java.net.http",
            "java.security.jgss",
            "java.security.sasl",
            "java.sql",
            "java.xml",
            "jdk.crypto.ec",
            "jdk.httpserver",
            "jdk.management",
            "jdk.naming.dns",
            "jdk.net",
            "jdk.unsupported");

    /** The AOT cache remembers when its jars were changed; copies and layers keep whole seconds at best. */
    private static final FileTime ONE_TIME = FileTime.from(1_767_225_600, TimeUnit.SECONDS);

    /**
     * Lays the files out, then records the AOT cache; run by {@code mvn -Pimage package}, which is what the Dockerfile
     * does.
     *
     * @param args the operator's jar with its libraries in {@code lib} beside it; the folder {@code image}; the folder
     *     {@code config}; the folder to make; and {@code false} to leave the cache out
     */
    public static void main(String[] args) throws Exception {
        Path options = Path.of(args[1]);
        ImageFiles image = layOut(Path.of(args[0]), options, Path.of(args[3]));
        if (Boolean.parseBoolean(args[4])) {
            image.train(options, Path.of(args[2]));
        }
        System.out.println("image files in " + image.root());
        // threads of libraries must not hold the process up
        Runtime.getRuntime().halt(0);
    }

    /**
     * Makes all but the AOT cache. A folder that is there is emptied first.
     *
     * @param options the project's {@code image} folder
     * @throws IllegalStateException when jlink fails, with what it said
     */
    public static ImageFiles layOut(Path jar, Path options, Path root) {
        ImageFiles image = new ImageFiles(root.toAbsolutePath());
        Folders.delete(image.root());
        try {
            Files.createDirectories(image.app().resolve("lib"));
            link(image.root().resolve("opt/java"));
            Files.copy(jar, image.jar());
            Files.copy(options.resolve("jvm.options"), image.options());
            try (Stream<Path> libraries = Files.list(jar.resolveSibling("lib"))) {
                for (Path library : libraries.toList()) {
                    OldClasses.raise(library, image.app().resolve("lib").resolve(library.getFileName()));
                }
            }
            try (Stream<Path> all = Files.walk(image.app())) {
                for (Path file : all.toList()) {
                    Files.setLastModifiedTime(file, ONE_TIME);
                }
            }
            return image;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot lay out " + root, e);
        }
    }

    /**
     * Records the AOT cache by a run of the operator.
     *
     * @param options the project's {@code image} folder
     * @param config the project's {@code config} folder
     * @throws IllegalStateException when the run fails, with the operator's last lines
     */
    public void train(Path options, Path config) throws IOException, InterruptedException, SQLException {
        Training.record(this, options.resolve("training.options"), config);
    }

    private static void link(Path target) {
        ToolProvider jlink = ToolProvider.findFirst("jlink")
                .orElseThrow(() -> new IllegalStateException("this JDK has no jlink: install a whole JDK 25"));
        StringWriter said = new StringWriter();
        try (PrintWriter out = new PrintWriter(said)) {
            int code = jlink.run(
                    out,
                    out,
                    "--add-modules=" + String.join(",", MODULES),
                    "--strip-debug",
                    "--no-header-files",
                    "--no-man-pages",
                    "--output=" + target);
            if (code != 0) {
                throw new IllegalStateException("jlink failed:\n" + said);
            }
        }
    }

    /** The folder {@code app}. */
    public Path app() {
        return root.resolve("app");
    }

    /** The Java program of the image. */
    public Path java() {
        return root.resolve("opt/java/bin/java");
    }

    /** The operator. */
    public Path jar() {
        return app().resolve("sequin-operator.jar");
    }

    /** The JVM's options, an argument file. */
    public Path options() {
        return app().resolve("jvm.options");
    }

    /** The AOT cache; there only after the training. */
    public Path cache() {
        return app().resolve("sequin-operator.aot");
    }
}

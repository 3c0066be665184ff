package io.sequin.testkit.kube;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds etcd, kube-apiserver and kubectl, or makes them.
 *
 * <p>In this order: the folder that {@code KUBEBUILDER_ASSETS} names; the cache in the user's home; a download, where
 * its site is reachable; a build from the programs' Go modules, which takes minutes once and shows its progress on the
 * console. What was downloaded or built stays in the cache.
 */
public final class KubeBinaries {
    /** The version that is built; any 1.36 in the cache and whatever {@code KUBEBUILDER_ASSETS} holds is used. */
    static final String VERSION = "1.36.3";

    private static final String MINOR = VERSION.substring(0, VERSION.lastIndexOf('.'));

    static final List<String> PROGRAMS = List.of("etcd", "kube-apiserver", "kubectl");

    private final Map<String, String> environment;

    KubeBinaries(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    /**
     * The folder with the three programs, complete when this returns. May take minutes at the first call on a machine.
     *
     * @throws IllegalStateException when they can't be had; the message says what to install or set
     */
    public static Path findOrMake() {
        KubeBinaries binaries = new KubeBinaries(System.getenv());
        return binaries.find().orElseGet(binaries::make);
    }

    /**
     * What is there already.
     *
     * @throws IllegalStateException when {@code KUBEBUILDER_ASSETS} names a folder that lacks a program
     */
    Optional<Path> find() {
        String named = environment.get("KUBEBUILDER_ASSETS");
        if (named != null && !named.isBlank()) {
            return Optional.of(requireComplete(Path.of(named)));
        }
        return findCached();
    }

    /** {@code $XDG_CACHE_HOME/sequin/kube-api-test}, laid out as kube-api-test wants it. */
    Path cache() {
        String xdg = environment.get("XDG_CACHE_HOME");
        Path base = xdg == null || xdg.isBlank() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(xdg);
        return base.resolve("sequin").resolve("kube-api-test");
    }

    private Path make() {
        return KubeDownload.into(cache(), MINOR) ? findCached().orElseGet(this::build) : build();
    }

    private Path build() {
        return requireComplete(KubeBuild.into(folderOf(VERSION)));
    }

    private Optional<Path> findCached() {
        Path versions = cache().resolve("k8s");
        if (Files.notExists(versions)) {
            return Optional.empty();
        }
        try (Stream<Path> folders = Files.list(versions)) {
            return folders.filter(folder -> patch(folder) >= 0)
                    .filter(folder -> missing(folder) == null)
                    .max(Comparator.comparingInt(folder -> patch(folder)));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + versions, e);
        }
    }

    /** The patch number in a folder's name, or -1 when it is of another minor version or platform. */
    private static int patch(Path folder) {
        Matcher name = Pattern.compile(Pattern.quote(MINOR) + "\\.(\\d{1,4})" + Pattern.quote(platform()))
                .matcher(folder.getFileName().toString());
        return name.matches() ? Integer.parseInt(name.group(1)) : -1;
    }

    private Path folderOf(String version) {
        return cache().resolve("k8s").resolve(version + platform());
    }

    /** As kube-api-test and Go name it. */
    static String platform() {
        String architecture = System.getProperty("os.arch");
        return "-linux-" + ("aarch64".equals(architecture) ? "arm64" : architecture);
    }

    private static Path requireComplete(Path folder) {
        String missing = missing(folder);
        if (missing != null) {
            throw new IllegalStateException("no executable " + missing + " in " + folder
                    + ": put etcd, kube-apiserver and kubectl there, or unset KUBEBUILDER_ASSETS");
        }
        return folder;
    }

    private static @Nullable String missing(Path folder) {
        return PROGRAMS.stream()
                .filter(program -> !Files.isExecutable(folder.resolve(program)))
                .findFirst()
                .orElse(null);
    }
}

package io.sequin.testkit.kube;

import io.fabric8.kubeapitest.KubeAPIServerConfig;
import io.fabric8.kubeapitest.KubeAPIServerConfigBuilder;
import io.fabric8.kubeapitest.binary.BinaryManager;
import io.sequin.testkit.process.Folders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** Downloads the programs by kube-api-test, which has no time limits of its own. */
final class KubeDownload {
    /** kube-api-test reads this list first. */
    private static final URI INDEX =
            URI.create("https://raw.githubusercontent.com/kubernetes-sigs/controller-tools/HEAD/envtest-releases.yaml");

    private static final Duration ASK = Duration.ofSeconds(5);
    private static final Duration DOWNLOAD = Duration.ofMinutes(5);

    private KubeDownload() {}

    /**
     * Puts the newest patch of a minor version into the cache.
     *
     * @param minor such as {@code 1.36}
     * @return whether it worked; what went wrong is said on the console
     */
    static boolean into(Path cache, String minor) {
        if (!reachable()) {
            Progress.say("no download of kube-apiserver: " + INDEX.getHost() + " is not reachable");
            return false;
        }
        Progress.say("downloading kube-apiserver " + minor + " into " + cache);
        FutureTask<Boolean> download = new FutureTask<>(() -> download(cache, minor), true);
        Thread.ofVirtual().name("kube-download").start(download);
        try {
            return download.get(DOWNLOAD.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            Progress.say("the download failed: " + e.getCause());
            return false;
        } catch (TimeoutException e) {
            Progress.say("the download took more than " + DOWNLOAD.toMinutes() + " minutes, given up");
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while downloading kube-apiserver", e);
        }
    }

    private static boolean reachable() {
        try (HttpClient client = HttpClient.newBuilder().connectTimeout(ASK).build()) {
            HttpRequest question = HttpRequest.newBuilder(INDEX).timeout(ASK).build();
            return client.send(question, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException unreachable) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while looking for a download of kube-apiserver", e);
        }
    }

    /** Unpacks beside the cache and moves whole folders, so that nobody sees half of one. */
    private static void download(Path cache, String minor) {
        try {
            Files.createDirectories(cache.resolve("k8s"));
            Path staging = Files.createTempDirectory(cache, "download-");
            KubeAPIServerConfig config = KubeAPIServerConfigBuilder.anAPIServerConfig()
                    .withTestDir(staging.toString())
                    .withApiServerVersion(minor + ".*")
                    .withOfflineMode(false)
                    .build();
            new BinaryManager(config).initAndDownloadIfRequired();
            for (Path folder : list(staging.resolve("k8s"))) {
                Path target = cache.resolve("k8s").resolve(folder.getFileName());
                Folders.delete(target);
                Files.move(folder, target);
            }
            Folders.delete(staging);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write to " + cache, e);
        }
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.toList();
        }
    }
}

package io.sequin.testkit.kube;

import io.fabric8.kubeapitest.KubeAPIServer;
import io.fabric8.kubeapitest.KubeAPIServerConfig;
import io.fabric8.kubeapitest.KubeAPIServerConfigBuilder;
import io.fabric8.kubeapitest.KubeAPITestException;
import io.fabric8.kubernetes.client.Config;
import io.sequin.testkit.process.Folders;
import io.sequin.testkit.process.Reaper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;

/** The two processes of one API server, started by kube-api-test from a folder of their own. */
final class ApiServerProcesses implements AutoCloseable {
    private static final int START_MILLIS = 300_000;
    private static final Duration POLL = Duration.ofMillis(100);

    private final ApiServerFolder folder;
    private final KubeAPIServer server;
    private final AtomicBoolean closed = new AtomicBoolean();

    private ApiServerProcesses(ApiServerFolder folder, KubeAPIServer server) {
        this.folder = folder;
        this.server = server;
    }

    static ApiServerProcesses start(Path binaries) {
        ApiServerFolder folder = ApiServerFolder.create(binaries);
        KubeAPIServer server = new KubeAPIServer(config(folder));
        ApiServerProcesses processes = new ApiServerProcesses(folder, server);
        Runtime.getRuntime().addShutdownHook(new Thread(processes::close, "apiserver-closer"));
        Midnight.passIfNear(Duration.ofMillis(START_MILLIS));
        try {
            processes.awaitStart();
            folder.pids().forEach(pid -> Reaper.kill(pid, "KILL"));
            return processes;
        } catch (IllegalStateException e) {
            Path kept = folder.keepLogs();
            processes.close();
            throw new IllegalStateException("the API server did not start, its logs are in " + kept, e);
        }
    }

    /** kube-api-test would wait for a process that has ended until its time is over. */
    private void awaitStart() {
        FutureTask<Boolean> start = new FutureTask<>(server::start, true);
        Thread starter = Thread.ofPlatform().daemon().name("apiserver-starter").start(start);
        try {
            while (!start.isDone()) {
                if (!folder.pids().stream()
                        .allMatch(pid -> ProcessHandle.of(pid).isPresent())) {
                    throw new IllegalStateException("a process of the API server ended at once");
                }
                starter.join(POLL);
            }
            start.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("kube-api-test failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while starting the API server", e);
        } finally {
            starter.interrupt();
        }
    }

    private static KubeAPIServerConfig config(ApiServerFolder folder) {
        return KubeAPIServerConfigBuilder.anAPIServerConfig()
                .withTestDir(folder.root().toString())
                .withApiServerVersion(KubeBinaries.VERSION)
                .withOfflineMode(true)
                .withUpdateKubeConfig(false)
                .withWaitForEtcdHealthCheckOnStartup(true)
                .withStartupTimeout(START_MILLIS)
                .withApiServerFlag("--bind-address", "127.0.0.1")
                // a loopback address can't be published as the endpoint of Service "kubernetes", which nobody needs
                .withApiServerFlag("--advertise-address", "127.0.0.1")
                .withApiServerFlag("--endpoint-reconciler-type", "none")
                .withApiServerFlag("--audit-policy-file", folder.auditPolicy().toString())
                .withApiServerFlag("--audit-log-path", folder.auditLog().toString())
                .withApiServerFlag("--audit-log-maxsize", "4096")
                .build();
    }

    ApiServerFolder folder() {
        return folder;
    }

    String url() {
        return Config.fromKubeconfig(server.getKubeConfigYaml()).getMasterUrl().replaceAll("/+$", "");
    }

    KubeConfigText kubeconfigText() {
        return new KubeConfigText(url(), read("apiserver.crt"));
    }

    String adminKubeconfig() {
        return kubeconfigText().withCertificate("default", read("client.crt"), read("client.key"));
    }

    private String read(String file) {
        try {
            return Files.readString(folder.root().resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read what kube-api-test wrote", e);
        }
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            stop();
            folder.pids().forEach(Reaper::spare);
            Folders.delete(folder.root());
        }
    }

    /** Where a process ended by itself, kube-api-test has cleaned up already and stumbles over that. */
    private void stop() {
        try {
            server.stop();
        } catch (KubeAPITestException e) {
            if (folder.pids().stream().anyMatch(pid -> ProcessHandle.of(pid).isPresent())) {
                throw e;
            }
        }
    }
}

package io.sequin.testkit.kube;

import io.sequin.testkit.process.Folders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/** The folder of one API server: its certificates, logs and the programs as kube-api-test looks for them. */
record ApiServerFolder(Path root) {
    private static final String ETCD = "etcd";
    private static final String API_SERVER = "kube-apiserver";
    private static final List<String> SERVERS = List.of(ETCD, API_SERVER);
    private static final String AUDIT_POLICY = """
            apiVersion: audit.k8s.io/v1
            kind: Policy
            omitStages: [RequestReceived]
            rules: [{level: Metadata}]
            """;

    static ApiServerFolder create(Path binaries) {
        ApiServerFolder folder = new ApiServerFolder(Folders.temporary("sequin-apiserver"));
        try {
            Files.createDirectories(folder.programs());
            Files.writeString(folder.auditPolicy(), AUDIT_POLICY);
            Files.createFile(folder.auditLog());
            // a test cluster needs no data that survives a crash of the machine
            String data = "--data-dir '%1$s/etcd' --wal-dir '%1$s/etcd/wal'".formatted(folder.root);
            folder.wrap(binaries, ETCD, "--unsafe-no-fsync " + data);
            folder.wrap(binaries, API_SERVER, "");
            Files.createSymbolicLink(
                    folder.kubectl(), binaries.resolve("kubectl").toAbsolutePath());
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot prepare " + folder.root, e);
        }
    }

    private Path programs() {
        return root.resolve("k8s").resolve(KubeBinaries.VERSION + KubeBinaries.platform());
    }

    /**
     * Writes what stands in for a program, so that its output goes to a file, a Ctrl-C at the console doesn't reach it
     * before those who still need it have ended, and nothing listens beyond 127.0.0.1 (kube-api-test tells etcd 0.0.0.0).
     * Of two flags of one name the later wins.
     */
    private void wrap(Path binaries, String program, String flags) throws IOException {
        String text =
                """
                #!/usr/bin/env bash
                echo $$ > '%1$s.pid'
                exec setsid '%2$s' "${@//\\/\\/0.0.0.0:///127.0.0.1:}" %3$s >> '%1$s.log' 2>&1
                """.formatted(root.resolve(program), binaries.resolve(program).toAbsolutePath(), flags);
        Path wrapper = Files.writeString(programs().resolve(program), text);
        Files.setPosixFilePermissions(wrapper, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    Path auditPolicy() {
        return root.resolve("audit-policy.yaml");
    }

    Path auditLog() {
        return root.resolve("audit.log");
    }

    Path kubectl() {
        return programs().resolve("kubectl");
    }

    /** The processes that were started. */
    List<Long> pids() {
        try {
            List<Long> pids = new ArrayList<>();
            for (String program : SERVERS) {
                Path file = root.resolve(program + ".pid");
                String text = Files.exists(file) ? Files.readString(file).strip() : "";
                if (!text.isEmpty()) {
                    pids.add(Long.parseLong(text));
                }
            }
            return pids;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the process numbers in " + root, e);
        }
    }

    /** Copies the logs to where they stay when the folder is gone. */
    Path keepLogs() {
        try {
            Path kept = Files.createTempDirectory("sequin-apiserver-failed-");
            for (String program : SERVERS) {
                Path log = root.resolve(program + ".log");
                if (Files.exists(log)) {
                    Files.copy(log, kept.resolve(log.getFileName()));
                }
            }
            return kept;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot keep the logs of " + root, e);
        }
    }
}

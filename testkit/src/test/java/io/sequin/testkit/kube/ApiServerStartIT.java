package io.sequin.testkit.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sequin.testkit.process.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class ApiServerStartIT {
    @TempDir
    private Path binaries;

    /** kube-api-test alone would wait for two minutes. */
    @Test
    @Timeout(60)
    void aProgramThatEndsAtOnceFailsTheStartAndItsLogIsKept() throws IOException {
        program("etcd", "echo the disk is on fire >&2; exit 1");
        program("kube-apiserver", "exit 1");
        program("kubectl", "exit 1");

        assertThatThrownBy(() -> ApiServerProcesses.start(binaries))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("did not start, its logs are in")
                .satisfies(failure ->
                        assertThat(logs(failure).resolve("etcd.log")).content().contains("the disk is on fire"))
                .satisfies(failure -> Folders.delete(logs(failure)));
    }

    private static Path logs(Throwable failure) {
        Matcher path = Pattern.compile("logs are in (\\S+)").matcher(failure.getMessage());
        assertThat(path.find()).isTrue();
        return Path.of(path.group(1));
    }

    private void program(String name, String body) throws IOException {
        Path file = Files.writeString(binaries.resolve(name), "#!/usr/bin/env bash\n" + body + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}

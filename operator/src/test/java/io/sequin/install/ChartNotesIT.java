package io.sequin.install;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.testkit.kube.ApiServer;
import io.sequin.testkit.operator.Installation;
import io.sequin.testkit.process.Folders;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What helm prints after an installation. */
class ChartNotesIT {
    @Test
    void itsCommandsCanBePastedAsTheyStand() throws Exception {
        ApiServer server = ApiServer.shared();
        new Installation(server.admin(), Command.ROOT.resolve("config")).crds();
        String namespace = server.namespace("notes");
        Path folder = Folders.temporary("sequin-notes");
        Files.writeString(folder.resolve("kubeconfig"), server.kubeconfig());

        Command.Result pasted = Command.run(
                folder,
                Map.of(
                        "KUBECONFIG",
                        folder.resolve("kubeconfig").toString(),
                        "PATH",
                        server.kubectl().getParent() + ":" + System.getenv("PATH")),
                List.of("bash", "-e", "-c", commands(namespace)));

        assertThat(pasted.ok())
                .contains("secret/warehouse-sequin created")
                .contains("secret/stripe created")
                .contains("destination.sequin.io/warehouse created")
                .contains("sync.sequin.io/stripe created");
        // a shell that misses the end of a document warns, and takes what follows for part of it
        assertThat(pasted.err()).isEmpty();
        Folders.delete(folder);
    }

    /** The paragraph of what comes next, without its first line, which is for people. */
    private static String commands(String namespace) {
        String said = Command.helm(
                        "install",
                        "x",
                        Command.CHART.toString(),
                        "--namespace=sequin-system",
                        "--dry-run=client",
                        "--set=crds.enabled=false,watchNamespaces={" + namespace + "}")
                .ok();
        String next = said.substring(said.indexOf("\nNext, "), said.indexOf("\nIf one is not Ready"));
        return next.substring(next.indexOf('\n', 1) + 1);
    }
}

package io.sequin.testkit.kube;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

/** Builds the programs by the script {@code build-kube-apiserver}. */
final class KubeBuild {
    private static final String SCRIPT = "build-kube-apiserver";
    private static final int LAST_LINES = 25;

    private KubeBuild() {}

    /**
     * Runs the script, with its progress on the console.
     *
     * @param folder receives the programs; another build of the same folder is waited for
     * @return the folder
     * @throws IllegalStateException when it fails, with its last lines: they say what to install
     */
    static Path into(Path folder) {
        Deque<String> last = new ArrayDeque<>();
        try {
            Process script = new ProcessBuilder("bash", "-c", script(), SCRIPT, folder.toString())
                    .redirectErrorStream(true)
                    .start();
            try (BufferedReader lines = script.inputReader(StandardCharsets.UTF_8)) {
                lines.lines().forEach(line -> {
                    Progress.say(line);
                    last.addLast(line);
                    if (last.size() > LAST_LINES) {
                        last.removeFirst();
                    }
                });
            }
            if (script.waitFor() != 0) {
                throw new IllegalStateException("kube-apiserver can't be built:\n" + String.join("\n", last));
            }
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run " + SCRIPT + " (it needs bash)", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while building kube-apiserver", e);
        }
    }

    private static String script() throws IOException {
        try (InputStream resource = KubeBuild.class.getResourceAsStream(SCRIPT)) {
            if (resource == null) {
                throw new IllegalStateException(SCRIPT + " is missing from the testkit's resources");
            }
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}

package io.sequin.testkit.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Ends child processes and removes folders when this JVM ends, however it ends: exit, SIGKILL, crash.
 *
 * <p>A small shell waits on a pipe that only this JVM holds open. When the pipe closes, the JVM is gone, and the shell
 * does what it was told. It ignores Ctrl-C, which a terminal sends to it too. Shutdown hooks remain the polite way;
 * this is for the cases in which they never run.
 */
public final class Reaper {
    private static final Object LOCK = new Object();
    private static @Nullable OutputStream orders;

    private Reaper() {}

    /**
     * Sends a signal to a process when this JVM is gone.
     *
     * @param signal a name that {@code kill -s} knows, such as {@code KILL}
     */
    public static void kill(long pid, String signal) {
        order("kill " + pid + " " + signal);
    }

    /** Takes {@link #kill} back: call it when the process has ended, for its number may be given to another. */
    public static void spare(long pid) {
        order("spare " + pid);
    }

    /** Removes a folder with all it holds when this JVM is gone. */
    public static void remove(Path folder) {
        order("remove " + folder.toAbsolutePath());
    }

    /** Takes {@link #remove} back. */
    public static void keep(Path folder) {
        order("keep " + folder.toAbsolutePath());
    }

    private static void order(String line) {
        synchronized (LOCK) {
            try {
                OutputStream pipe = orders == null ? startShell() : orders;
                orders = pipe;
                pipe.write((line + "\n").getBytes(StandardCharsets.UTF_8));
                pipe.flush();
            } catch (IOException e) {
                throw new UncheckedIOException("cannot tell the reaper's shell: " + line, e);
            }
        }
    }

    private static OutputStream startShell() throws IOException {
        try (InputStream script = Reaper.class.getResourceAsStream("reaper.bash")) {
            if (script == null) {
                throw new IllegalStateException("reaper.bash is missing from the testkit's resources");
            }
            String text = new String(script.readAllBytes(), StandardCharsets.UTF_8);
            return new ProcessBuilder("bash", "-c", text, "sequin-reaper")
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .getOutputStream();
        }
    }
}

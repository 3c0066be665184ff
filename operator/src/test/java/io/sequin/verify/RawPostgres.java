package io.sequin.verify;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A server's process without anything that waits until it can be used. Closing it stops it. */
final class RawPostgres implements AutoCloseable {
    private static final int STOP_SECONDS = 60;

    private final Process process;

    private RawPostgres(Process process) {
        this.process = process;
    }

    /**
     * Starts it on the data of a server that was stopped.
     *
     * @param more options of its command line
     */
    static RawPostgres start(String binary, Path data, int port, String... more) throws IOException {
        List<String> command = new ArrayList<>();
        if (ProcessHandle.current().info().user().filter("root"::equals).isPresent()) {
            // it refuses to run as root; in a user namespace of its own it does not see that it is
            command.addAll(List.of("unshare", "-U"));
        }
        command.addAll(List.of(binary, "-D", data.toString(), "-p", String.valueOf(port)));
        command.addAll(List.of(more));
        File log = data.resolveSibling("raw.log").toFile();
        return new RawPostgres(new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
                .start());
    }

    boolean isRunning() {
        return process.isAlive();
    }

    /** Lets nobody in and ends with the last session. */
    void shutDownWhenAllHaveLeft() {
        process.destroy();
    }

    @Override
    public void close() throws IOException {
        if (process.isAlive()) {
            new ProcessBuilder("bash", "-c", "kill -s INT " + process.pid())
                    .start()
                    .onExit()
                    .join();
        }
        process.onExit().orTimeout(STOP_SECONDS, TimeUnit.SECONDS).join();
    }
}

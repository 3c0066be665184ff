package io.sequin.postgres.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Processor time of a Postgres server with all its processes, those that ended too. Linux only: reads {@code /proc}. */
final class ServerCpu {
    /** Linux counts in hundredths of a second, whatever its clock. */
    private static final double TICK = 0.01;

    private static final Path PROCESSES = Path.of("/proc");

    private final long postmaster;

    /** @param postmaster its process number */
    ServerCpu(long postmaster) {
        this.postmaster = postmaster;
    }

    /** Seconds so far. */
    double seconds() {
        long ticks = 0;
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROCESSES, "[0-9]*")) {
            for (Path process : processes) {
                ticks += ticks(process);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return ticks * TICK;
    }

    /** Of the numbers behind a process's name the second is its parent; see {@code man proc_pid_stat}. */
    private long ticks(Path process) throws IOException {
        String stat;
        try {
            stat = Files.readString(process.resolve("stat"));
        } catch (NoSuchFileException e) {
            // it has just ended, so it is none that is waited for here
            return 0;
        }
        String[] numbers = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        long own = Long.parseLong(numbers[11]) + Long.parseLong(numbers[12]);
        if (process.endsWith("" + postmaster)) {
            return own + Long.parseLong(numbers[13]) + Long.parseLong(numbers[14]);
        }
        return Long.parseLong(numbers[1]) == postmaster ? own : 0;
    }
}

package io.sequin.benchmark;

import io.sequin.testkit.postgres.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What Linux says of a process in /proc. */
final class ProcFiles {
    /** A second has so many, on every Linux. */
    private static final double TICKS = 100;

    /** The place of {@code utime} behind the name. */
    private static final int UTIME = 11;

    private final long pid;

    ProcFiles(long pid) {
        this.pid = pid;
    }

    /** Of a Postgres server's first process. */
    static ProcFiles of(PostgresServer server) throws SQLException, IOException {
        try (Connection connection = server.superuser(PostgresServer.SUPERUSER);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("show data_directory")) {
            row.next();
            Path file = Path.of(row.getString(1), "postmaster.pid");
            return new ProcFiles(
                    Long.parseLong(Files.readAllLines(file).getFirst().strip()));
        }
    }

    /** Processor time since it started, in seconds. */
    double cpu() {
        return ProcessHandle.of(pid)
                        .flatMap(handle -> handle.info().totalCpuDuration())
                        .orElseThrow()
                        .toMillis()
                / 1000.0;
    }

    /** The processor time of its threads that took the most, in seconds and words. */
    List<String> threadTimes(int most) throws IOException {
        List<Taken> all = new ArrayList<>();
        try (Stream<Path> threads = Files.list(Path.of("/proc", String.valueOf(pid), "task"))) {
            for (Path thread : threads.toList()) {
                taken(thread).ifPresent(all::add);
            }
        }
        return all.stream()
                .sorted(Comparator.comparingLong(Taken::ticks).reversed())
                .limit(most)
                .map(taken -> String.format(Locale.ROOT, "  %6.2f s %s", taken.ticks() / TICKS, taken.name()))
                .toList();
    }

    private record Taken(String name, long ticks) {}

    /** Empty: it has ended meanwhile. */
    private static Optional<Taken> taken(Path thread) throws IOException {
        try {
            return Optional.of(
                    new Taken(Files.readString(thread.resolve("comm")).strip(), ticks(thread, 2)));
        } catch (NoSuchFileException ended) {
            return Optional.empty();
        }
    }

    /** The same as {@link #cpu} with that of all processes that it started, also of those that are gone, in seconds. */
    double cpuWithChildren() throws IOException {
        long sum = ticks(Path.of("/proc", String.valueOf(pid)), 4);
        for (ProcessHandle child :
                ProcessHandle.of(pid).orElseThrow().descendants().toList()) {
            sum += taken(Path.of("/proc", String.valueOf(child.pid())))
                    .map(Taken::ticks)
                    .orElse(0L);
        }
        return sum / TICKS;
    }

    /** Of {@code stat} (proc_pid_stat(5)): utime, stime, and with four of them the children's that were waited for. */
    private static long ticks(Path folder, int fields) throws IOException {
        String stat = Files.readString(folder.resolve("stat"));
        String[] values = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return Arrays.stream(values, UTIME, UTIME + fields)
                .mapToLong(Long::parseLong)
                .sum();
    }

    /** A line of {@code status}, in MB: VmRSS, VmHWM. */
    long memory(String field) throws IOException {
        return megabytes(read("status"), field);
    }

    /** Threads of the system. */
    long threads() throws IOException {
        return number(read("status"), "(?m)^Threads:\\s+(\\d+)$");
    }

    /** Resident memory that is no part of a file, in MB: what a container's limit has to hold. */
    long anonymous() throws IOException {
        return megabytes(read("smaps_rollup"), "Anonymous");
    }

    /** Resident memory in mappings of files of that name, in MB, whether still the files' or changed since. */
    long mapped(String end) throws IOException {
        Matcher found = Pattern.compile(
                        "(?m)^[0-9a-f]+-[0-9a-f]+ .*" + Pattern.quote(end) + "$\\R(?:.*\\R)*?Rss:\\s+(\\d+) kB$")
                .matcher(read("smaps"));
        long sum = 0;
        while (found.find()) {
            sum += Long.parseLong(found.group(1));
        }
        return sum * 1024 / 1_000_000;
    }

    private String read(String file) throws IOException {
        return Files.readString(Path.of("/proc", String.valueOf(pid), file));
    }

    private static long megabytes(String text, String field) {
        return number(text, "(?m)^" + field + ":\\s+(\\d+) kB$") * 1024 / 1_000_000;
    }

    private static long number(String text, String pattern) {
        Matcher found = Pattern.compile(pattern).matcher(text);
        if (!found.find()) {
            throw new IllegalStateException("nothing in /proc like " + pattern);
        }
        return Long.parseLong(found.group(1));
    }
}

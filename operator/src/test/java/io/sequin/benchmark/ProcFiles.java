package io.sequin.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What Linux says of a process in /proc. */
final class ProcFiles {
    private final long pid;

    ProcFiles(long pid) {
        this.pid = pid;
    }

    /** Processor time since it started, in seconds. */
    double cpu() {
        return ProcessHandle.of(pid)
                        .flatMap(handle -> handle.info().totalCpuDuration())
                        .orElseThrow()
                        .toMillis()
                / 1000.0;
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

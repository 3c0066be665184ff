package io.sequin.observability;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/** The process as the operating system sees it, under the names that Prometheus' own clients use. */
final class ProcessReadings {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String RESIDENT = "VmRSS:";
    private static final double KIB = 1024;
    private static final double MILLIS = 1e3;
    private static final double NANOS = 1e9;

    private ProcessReadings() {}

    static void addTo(Readings readings) {
        readings.add(Family.PROCESS_START, ManagementFactory.getRuntimeMXBean().getStartTime() / MILLIS);
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix) {
            readings.add(Family.PROCESS_CPU, unix.getProcessCpuTime() / NANOS);
            readings.add(Family.PROCESS_OPEN_FDS, unix.getOpenFileDescriptorCount());
            readings.add(Family.PROCESS_MAX_FDS, unix.getMaxFileDescriptorCount());
        }
        if (Files.isReadable(STATUS)) {
            readings.add(Family.PROCESS_RSS, residentBytes());
        }
    }

    /** The line looks like {@code VmRSS:   120000 kB}. */
    private static double residentBytes() {
        try (var lines = Files.lines(STATUS)) {
            return lines.filter(line -> line.startsWith(RESIDENT))
                            .map(line -> line.replaceAll("\\D", ""))
                            .mapToLong(Long::parseLong)
                            .sum()
                    * KIB;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package io.sequin.postgres.load.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.testkit.process.JavaProcess;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process with the heap that the chart's memory limit gives the operator stores what docs/tables.md says, in every way. */
class LargeRecordsIT {
    /** 32 % of 320 MiB: image/jvm.options, and the chart's values. */
    private static final String[] HEAP = {
        "-Xmx107m", "-XX:+UseSerialGC", "-XX:NewRatio=4", "-XX:+ExitOnOutOfMemoryError"
    };

    @Test
    void aRecordOf20MBIsStoredWithTheChartsMemoryAndALargerOneIsSetAside(@TempDir Path folder) throws Exception {
        try (JavaProcess process = JavaProcess.start(
                JavaProcess.Command.ofOwnClass(LargeRecords.class).withJvmOptions(HEAP), folder.resolve("out"))) {
            assertThat(process.waitFor(Duration.ofMinutes(5)))
                    .as("%s", process.tail(20))
                    .hasValue(0);
            String asStored = "|7|object|t|null|null";
            assertThat(process.tail(1_000))
                    .contains(
                            "direct" + asStored,
                            "unknown|7|null|t|null|null",
                            "bound|7|null|t|null|null",
                            "staged" + asStored,
                            "small|3|object|f|5|cus_")
                    .anyMatch(line -> line.startsWith("escaped|7|null|") && line.endsWith("|\"é\"é"))
                    .anyMatch(line -> line.startsWith("hostile|7|null|") && line.endsWith("|\ufffdé\ufffdé"))
                    .anyMatch(line -> line.startsWith("{beyond}|BeyondMemory|0|The record has 22.")
                            && line.contains("raise its memory limit"))
                    .anyMatch(line -> line.startsWith("{unfit}|NumberOutOfRange|20000000|"));
        }
    }
}

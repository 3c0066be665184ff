package io.sequin.install;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The options of the image, in a JVM of their own. */
class JvmOptionsTest {
    /** Lanes reach their connections by reflection: one that waits for the database must hold up no other. */
    @Test
    void aVirtualThreadThatWaitsBelowReflectionLeavesItsCarrierToOthers() {
        Command.Result result = Command.run(
                Command.ROOT,
                Map.of(),
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "@" + Command.ROOT.resolve("image/jvm.options"),
                        "-XX:AOTMode=off",
                        "-Djdk.virtualThreadScheduler.parallelism=1",
                        "-Djdk.virtualThreadScheduler.maxPoolSize=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        WaitingByReflection.class.getName()));

        assertThat(result.code()).as(result.out() + result.err()).isZero();
    }
}

package io.sequin.testkit.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JavaProcessIT {
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    @Test
    void runsTheSameJdkWithItsOptionsArgumentsAndEnvironment() throws InterruptedException {
        JavaProcess.Command command =
                command("print").withJvmOptions("-Dsequin.test=option").withEnvironment("SEQUIN_TEST", "variable");

        try (JavaProcess process = JavaProcess.start(command, output())) {
            assertThat(process.waitFor(LONG)).hasValue(3);
            assertThat(process.tail(10)).containsExactly("out 25 option variable", "err print");
            assertThat(process.tail(1)).containsExactly("err print");
        }
    }

    @Test
    void asksItToEndAndLetsItCleanUp() throws InterruptedException {
        try (JavaProcess process = started("wait")) {
            process.terminate();

            assertThat(process.waitFor(LONG)).hasValue(128 + 15);
            assertThat(process.tail(1)).containsExactly("orderly end");
        }
    }

    @Test
    void killsItWithoutALastWord() throws InterruptedException {
        try (JavaProcess process = started("wait")) {
            assertThat(process.waitFor(Duration.ofMillis(10))).isEmpty();

            process.kill9();

            assertThat(process.isAlive()).isFalse();
            assertThat(process.waitFor(LONG)).hasValue(128 + 9);
            assertThat(process.tail(1)).containsExactly("waiting");
        }
    }

    @Test
    void itsChildrenAndFoldersGoWithAJvmThatIsKilled() {
        try (JavaProcess parent = started("parent")) {
            List<String> said = parent.tail(3);
            long child = Long.parseLong(said.get(0));
            Path temporary = Path.of(said.get(1));
            assertThat(ProcessHandle.of(child)).isPresent();
            assertThat(temporary).exists();

            parent.kill9();

            Awaitility.await().atMost(30, TimeUnit.SECONDS).untilAsserted(() -> {
                assertThat(ProcessHandle.of(child).filter(ProcessHandle::isAlive))
                        .isEmpty();
                assertThat(temporary).doesNotExist();
            });
        }
    }

    private JavaProcess started(String mode) {
        JavaProcess process = JavaProcess.start(command(mode), output());
        Awaitility.await().atMost(LONG).until(() -> process.tail(1).contains("waiting") || !process.isAlive());
        assertThat(process.isAlive()).as(() -> "output: " + process.tail(20)).isTrue();
        return process;
    }

    private static JavaProcess.Command command(String mode) {
        return JavaProcess.Command.ofOwnClass(Talker.class).withArguments(mode);
    }

    private Path output() {
        return folder.resolve("output.log");
    }

    /** The program that is started. */
    static final class Talker {
        private Talker() {}

        public static void main(String[] arguments) throws Exception {
            switch (arguments[0]) {
                case "print" -> {
                    System.out.println("out " + Runtime.version().feature() + " " + System.getProperty("sequin.test")
                            + " " + System.getenv("SEQUIN_TEST"));
                    System.err.println("err " + arguments[0]);
                    System.exit(3);
                }
                case "parent" -> {
                    Path temporary = Folders.temporary("sequin-test");
                    Files.writeString(temporary.resolve("file"), "text");
                    Path output = temporary.resolve("output");
                    JavaProcess child = JavaProcess.start(command("wait"), output);
                    System.out.println(child.pid());
                    System.out.println(temporary);
                    waitForever();
                }
                default -> {
                    Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("orderly end")));
                    waitForever();
                }
            }
        }

        private static void waitForever() throws InterruptedException {
            System.out.println("waiting");
            Thread.currentThread().join();
        }
    }
}

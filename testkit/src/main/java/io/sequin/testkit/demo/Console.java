package io.sequin.testkit.demo;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/** Lines for a person, each with the seconds since the start. */
final class Console {
    private final PrintStream out;
    private final Instant start = Instant.now();

    Console(PrintStream out) {
        this.out = out;
    }

    void step(String text) {
        line("· " + text);
    }

    void line(String text) {
        double seconds = Duration.between(start, Instant.now()).toMillis() / 1000.0;
        out.println(String.format(Locale.ROOT, "%6.1fs  ", seconds) + text);
        out.flush();
    }

    void text(String text) {
        out.println(text);
        out.flush();
    }
}

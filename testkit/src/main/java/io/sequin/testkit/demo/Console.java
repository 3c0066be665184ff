package io.sequin.testkit.demo;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.fusesource.jansi.Ansi;
import org.fusesource.jansi.AnsiConsole;
import org.fusesource.jansi.AnsiPrintStream;

/**
 * What a person reads: lines, each with the seconds since the start, and, where there is a terminal, a picture below
 * them that is drawn again in place. Safe for threads.
 */
final class Console {
    private final PrintStream out;
    private final int width;
    private final Instant start = Instant.now();
    private List<String> picture = List.of();

    /**
     * @param width of the terminal in characters; 0: there is none, so nothing is drawn
     */
    Console(PrintStream out, int width) {
        this.out = out;
        this.width = width;
    }

    /** Standard output, and the terminal behind it if there is one. */
    static Console system() {
        AnsiPrintStream out = AnsiConsole.out();
        boolean terminal = out.getTerminalWidth() > 0 && !"dumb".equals(System.getenv("TERM"));
        return terminal ? new Console(out, out.getTerminalWidth()) : new Console(System.out, 0);
    }

    /** Whether {@link #draw} shows anything. */
    boolean canDraw() {
        return width > 0;
    }

    /** How wide a drawn line may be. */
    int width() {
        return width;
    }

    void step(String text) {
        line("· " + text);
    }

    void line(String text) {
        double seconds = Duration.between(start, Instant.now()).toMillis() / 1000.0;
        text(String.format(Locale.ROOT, "%6.1fs  ", seconds) + text);
    }

    synchronized void text(String text) {
        erase();
        out.println(text);
        redraw();
    }

    /** Draws this below the lines, in place of what was drawn before. */
    synchronized void draw(List<String> lines) {
        if (canDraw()) {
            erase();
            picture = List.copyOf(lines);
            redraw();
        }
    }

    /** What is drawn stays as it is; lines go on below it. */
    synchronized void keep() {
        picture = List.of();
    }

    private void erase() {
        if (!picture.isEmpty()) {
            out.print(Ansi.ansi().cursorUpLine(picture.size()).eraseScreen(Ansi.Erase.FORWARD));
        }
    }

    private void redraw() {
        picture.forEach(out::println);
        out.flush();
    }
}

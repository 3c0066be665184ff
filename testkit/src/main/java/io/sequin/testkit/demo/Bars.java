package io.sequin.testkit.demo;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Draws the tables as bars: a line each, never wider than the terminal. Pure. */
final class Bars {
    /** What fits on a screen of 24 lines beside the rest. */
    static final int MOST_LINES = 16;

    private static final int NAME = 28;
    private static final int BAR = 20;
    private static final String FULL = "█";
    private static final String EMPTY = "░";

    private Bars() {}

    /** The tables that move come first, then those that are not full, then the largest; the rest is one line. */
    static List<String> lines(List<TableProgress> tables, int width) {
        List<TableProgress> ordered = tables.stream()
                .sorted(Comparator.comparing((TableProgress t) -> !t.isMoving())
                        .thenComparing(t -> t.share() >= 1)
                        .thenComparing(t -> -t.rows())
                        .thenComparing(TableProgress::name))
                .toList();
        boolean fits = ordered.size() <= MOST_LINES;
        List<TableProgress> shown = fits ? ordered : ordered.subList(0, MOST_LINES - 1);
        List<String> lines = new ArrayList<>();
        shown.forEach(table -> lines.add(cut(line(table), width)));
        if (!fits) {
            lines.add(cut(rest(ordered.subList(shown.size(), ordered.size())), width));
        }
        return lines;
    }

    private static String line(TableProgress table) {
        String name = table.name().length() > NAME ? table.name().substring(0, NAME - 1) + "…" : table.name();
        String rate = table.isMoving() ? String.format(Locale.ROOT, "%+,9.0f/s", table.perSecond()) : " ".repeat(11);
        return String.format(Locale.ROOT, "%-" + NAME + "s %s %s  %s", name, amount(table), rate, table.state());
    }

    /** A bar where the whole is known, else a counter. */
    private static String amount(TableProgress table) {
        if (table.total().isEmpty()) {
            return String.format(Locale.ROOT, "%-" + BAR + "s %,19d", "", table.rows());
        }
        int filled = (int) Math.floor(table.share() * BAR);
        return FULL.repeat(filled)
                + EMPTY.repeat(BAR - filled)
                + String.format(
                        Locale.ROOT,
                        " %19s",
                        String.format(
                                Locale.ROOT,
                                "%,d/%,d",
                                table.rows(),
                                table.total().getAsLong()));
    }

    private static String rest(List<TableProgress> tables) {
        long rows = tables.stream().mapToLong(TableProgress::rows).sum();
        long full = tables.stream().filter(t -> t.share() >= 1).count();
        return String.format(Locale.ROOT, "… and %d more tables, %d of them full: %,d rows", tables.size(), full, rows);
    }

    private static String cut(String line, int width) {
        return line.length() <= width ? line : line.substring(0, Math.max(0, width - 1)) + "…";
    }
}

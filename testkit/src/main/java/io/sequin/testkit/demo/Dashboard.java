package io.sequin.testkit.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;

/** Shows how far the Sync is: bars in a terminal, else a line now and then. */
final class Dashboard {
    private static final Duration BETWEEN_LINES = Duration.ofSeconds(3);
    private static final List<String> SYNC_CONDITIONS = List.of("Ready", "BackfillComplete", "UpToDate");

    private final Console console;
    private final View view;
    private final DemoWorld world;
    private Map<String, Long> rowsBefore = Map.of();
    private Instant looked = Instant.now();
    private Instant nextLine = Instant.MIN;

    Dashboard(Console console, View view, DemoWorld world) {
        this.console = console;
        this.view = view;
        this.world = world;
    }

    /** Looks once and shows it. */
    void show(JsonNode sync) throws Exception {
        List<TableProgress> tables = look(sync);
        if (console.canDraw()) {
            List<String> lines = new ArrayList<>(List.of(""));
            lines.add(conditions(sync) + "   lag " + view.lag());
            lines.addAll(Bars.lines(tables, console.width()));
            console.draw(lines);
        } else if (!Instant.now().isBefore(nextLine)) {
            nextLine = Instant.now().plus(BETWEEN_LINES);
            console.line(line(sync, tables));
        }
    }

    private List<TableProgress> look(JsonNode sync) throws Exception {
        Map<String, Long> totals = DemoTables.totals(world.stripe().data());
        Map<String, Long> rows = view.rows();
        Instant now = Instant.now();
        double seconds = Math.max(0.001, Duration.between(looked, now).toMillis() / 1000.0);
        List<TableProgress> tables = new ArrayList<>();
        rows.forEach((name, count) -> tables.add(new TableProgress(
                name,
                View.stateOf(sync, name),
                count,
                totals.containsKey(name) ? OptionalLong.of(totals.get(name)) : OptionalLong.empty(),
                (count - rowsBefore.getOrDefault(name, rowsBefore.isEmpty() ? count : 0L)) / seconds)));
        rowsBefore = rows;
        looked = now;
        return tables;
    }

    private static String conditions(JsonNode sync) {
        StringBuilder text = new StringBuilder("Sync");
        SYNC_CONDITIONS.forEach(
                type -> text.append("  ").append(type).append('=').append(View.condition(sync, type)));
        return text.toString();
    }

    private String line(JsonNode sync, List<TableProgress> tables) throws InterruptedException {
        long rows = tables.stream().mapToLong(TableProgress::rows).sum();
        double perSecond = tables.stream().mapToDouble(TableProgress::perSecond).sum();
        long full = tables.stream().filter(t -> t.share() >= 1).count();
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "%s  %,d rows (%+,.0f/s)  %d of %d tables full  lag %s",
                conditions(sync),
                rows,
                perSecond,
                full,
                tables.size(),
                view.lag()));
        tables.stream()
                .filter(TableProgress::isMoving)
                .sorted(Comparator.comparing(t -> -Math.abs(t.perSecond())))
                .limit(3)
                .forEach(t -> text.append(String.format(Locale.ROOT, "  %s %,d", t.name(), t.rows())));
        return text.toString();
    }
}

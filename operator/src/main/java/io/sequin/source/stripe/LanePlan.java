package io.sequin.source.stripe;

import io.sequin.data.Checkpoint;
import io.sequin.data.LaneId;
import io.sequin.source.Lane;
import io.sequin.source.stripe.TableSpec.Rhythm;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Decides which lanes fill and follow the selected tables; pure. A lane's id ends with the table that it is about, which
 * may be left out of its tables.
 */
final class LanePlan {
    static final LaneId EVENTS = new LaneId("events");

    /** How often new rows are looked for that no event tells of, and open ones are read again. */
    static final Duration NEW_EVERY = Duration.ofMinutes(1);

    static final Duration OPEN_EVERY = Duration.ofMinutes(15);

    private final Set<String> selected;
    private final Instant cutoff;
    private final OptionalLong since;
    private final List<Lane> lanes = new ArrayList<>();

    private LanePlan(Set<String> selected, Instant cutoff, OptionalLong since) {
        this.selected = selected;
        this.cutoff = cutoff;
        this.since = since;
    }

    /**
     * The lanes.
     *
     * @param cutoff tails begin here
     * @param since first passes list only what was made at or after this second, where a list can be cut by that
     */
    static List<Lane> of(Set<String> selected, Instant cutoff, OptionalLong since) {
        LanePlan plan = new LanePlan(selected, cutoff, since);
        StripeTables.all().forEach(plan::addFirstPass);
        plan.addEvents();
        StripeTables.all().forEach(plan::addRhythm);
        return List.copyOf(plan.lanes);
    }

    /** The list that a lane walks: its table's, or that of the parent by which the table is listed. */
    static StripeTable list(Lane lane) {
        return list(table(lane));
    }

    private static StripeTable list(StripeTable table) {
        return table.place().needsParent()
                ? StripeTables.get(table.parentTable().orElseThrow())
                : table;
    }

    /** The table that a lane is about. */
    static StripeTable table(Lane lane) {
        String id = lane.id().value();
        return StripeTables.get(id.substring(id.indexOf(':') + 1));
    }

    private void addFirstPass(StripeTable table) {
        Set<String> tables = brought(table);
        if (selected.contains(table.name()) && !comesWithParent(table)) {
            tables.add(table.name());
            lanes.add(new Lane(
                    new LaneId(FirstPass.LANE + table),
                    Lane.Kind.FIRST_PASS,
                    tables,
                    Spot.START.checkpoint(),
                    Duration.ZERO,
                    Scopes.of(list(table), tables, since),
                    false));
        }
    }

    private void addEvents() {
        Set<String> tables = selected.stream()
                .filter(t -> !StripeTables.eventTypes(Set.of(t)).isEmpty())
                .collect(Collectors.toSet());
        if (!tables.isEmpty()) {
            lanes.add(Lane.ofEvents(EVENTS, tables, tail()));
        }
    }

    private void addRhythm(StripeTable table) {
        boolean wanted = selected.contains(table.name());
        switch (table.spec().rhythm()) {
            case Rhythm.Events none -> {}
            case Rhythm.NewRows rows -> {
                Set<String> tables = StripeTables.childrenOf(table).stream()
                        .map(StripeTable::name)
                        .filter(selected::contains)
                        .collect(Collectors.toSet());
                if (wanted) {
                    tables.add(table.name());
                }
                addTail(NewRows.LANE + table, tables, tail(), NEW_EVERY);
                if (wanted && !rows.open().isEmpty()) {
                    addAgain(table, Set.of(table.name()), OPEN_EVERY);
                }
            }
            case Rhythm.OpenRows rows -> addAgain(table, wanted ? Set.of(table.name()) : Set.of(), rows.every());
            case Rhythm.WholeList whole -> {
                Set<String> tables = brought(table);
                if (wanted) {
                    tables.add(table.name());
                }
                addAgain(table, tables, whole.every());
            }
        }
    }

    private void addAgain(StripeTable table, Set<String> tables, Duration every) {
        addTail(Again.LANE + table, tables, Again.Position.START.checkpoint(), every);
    }

    private void addTail(String id, Set<String> tables, Checkpoint start, Duration every) {
        if (!tables.isEmpty()) {
            lanes.add(new Lane(new LaneId(id), Lane.Kind.TAIL, tables, start, every));
        }
    }

    private Checkpoint tail() {
        return TailPosition.startingAt(cutoff.getEpochSecond()).checkpoint();
    }

    /** The selected tables whose rows come with this table's. */
    private Set<String> brought(StripeTable table) {
        Set<String> tables = new LinkedHashSet<>();
        for (StripeTable child : StripeTables.childrenOf(table)) {
            if (child.isEmbedded() && selected.contains(child.name())) {
                tables.add(child.name());
            }
        }
        return tables;
    }

    private boolean comesWithParent(StripeTable table) {
        Optional<String> parent = table.parentTable().filter(selected::contains);
        return table.isChild() && table.isEmbedded() && parent.isPresent();
    }
}

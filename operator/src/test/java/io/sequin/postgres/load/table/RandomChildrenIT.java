package io.sequin.postgres.load.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.OnPostgres;
import io.sequin.Seeds;
import io.sequin.data.Change;
import io.sequin.data.Deletes;
import io.sequin.data.RowKey;
import io.sequin.data.TablePhase;
import io.sequin.data.WriteRules;
import io.sequin.postgres.load.Batch;
import io.sequin.postgres.load.Committed;
import io.sequin.postgres.load.DestinationSession;
import io.sequin.postgres.load.Lines;
import io.sequin.postgres.load.Place;
import io.sequin.postgres.load.Stripe;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/** Random sets of children against a map in memory that takes one change after the other. */
class RandomChildrenIT {
    private static final int BATCHES = 25;
    private static final int PARENTS = 400;

    @OnPostgres({10, 15, 18})
    void theTableEqualsTheModelAfterEachBatch(int major) {
        long seed = Seeds.seed(RandomChildrenIT.class);
        Random random = new Random(seed);
        Model model = new Model();
        try (Place place = Place.on(major)) {
            WriteRules rules = new WriteRules(random.nextBoolean() ? Deletes.SOFT : Deletes.HARD);
            DestinationSession session = Stripe.begun(place, "s", Lines.shape(), rules);
            try {
                for (int seq = 0; seq < BATCHES; seq++) {
                    List<Change> changes = changes(random);
                    Map<String, String> before = new TreeMap<>(model.rows);
                    model.apply(changes);
                    Map<String, TablePhase> phases =
                            random.nextInt(8) == 0 ? Map.of("line", TablePhase.LIVE) : Map.of();
                    Committed committed = session.commit(
                            new Batch(Stripe.LANE, seq, Stripe.checkpoint(seq), changes, phases, Map.of()));
                    String context = "seed " + seed + ", batch " + seq;
                    assertThat(committed.changed()).as(context).isEqualTo(difference(before, model.rows));
                    assertThat(session.ensure(Lines.shape(), Set.of(Stripe.LANE))
                                    .rows())
                            .as(context)
                            .isEqualTo(model.rows.size());
                    assertThat(stored(place)).as(context).isEqualTo(model.rows);
                }
            } finally {
                session.close();
            }
        }
    }

    private static List<Change> changes(Random random) {
        int size = List.of(0, 1, 7, 100, 400, 700).get(random.nextInt(6));
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            if (random.nextInt(20) == 0) {
                changes.add(new Change.Delete("line", RowKey.of(child(random))));
            } else {
                changes.add(set(random));
            }
        }
        return changes;
    }

    private static Change.ChildSet set(Random random) {
        String parent = "in_" + random.nextInt(PARENTS);
        Map<String, Change.Upsert> rows = new TreeMap<>();
        for (int left = random.nextInt(6); left > 0; left--) {
            String id = child(random);
            rows.put(id, Lines.row(parent, id, random.nextInt(3)));
        }
        return new Change.ChildSet("line", RowKey.of(parent), random.nextInt(3) > 0, List.copyOf(rows.values()));
    }

    /** Few, so that rows often move between parents. */
    private static String child(Random random) {
        return "li_" + random.nextInt(PARENTS * 3);
    }

    /** What {@link Change.ChildSet} says, change by change. */
    private static final class Model {
        final Map<String, String> rows = new TreeMap<>();

        void apply(List<Change> changes) {
            Map<String, Set<String>> runs = new HashMap<>();
            for (Change change : changes) {
                String key = change.key().parts().getFirst();
                if (change instanceof Change.ChildSet set) {
                    Set<String> run = runs.computeIfAbsent(key, k -> new HashSet<>());
                    for (Change.Upsert row : set.rows()) {
                        String id = row.key().parts().getFirst();
                        run.add(id);
                        rows.put(id, key + " " + amount(row));
                    }
                    if (set.complete()) {
                        rows.entrySet()
                                .removeIf(row -> row.getValue().startsWith(key + " ") && !run.contains(row.getKey()));
                        runs.remove(key);
                    }
                } else {
                    rows.remove(key);
                }
            }
        }

        private static String amount(Change.Upsert row) {
            return row.object().text().replaceAll(".*:|}", "");
        }
    }

    private static long difference(Map<String, String> before, Map<String, String> after) {
        long gone = before.keySet().stream().filter(k -> !after.containsKey(k)).count();
        return gone
                + after.entrySet().stream()
                        .filter(e -> !e.getValue().equals(before.get(e.getKey())))
                        .count();
    }

    private static Map<String, String> stored(Place place) {
        Map<String, String> found = new TreeMap<>();
        for (String row :
                place.rows("select id, invoice || ' ' || amount from s.line where _sync_deleted_at is null")) {
            int bar = row.lastIndexOf('|');
            found.put(row.substring(0, bar), row.substring(bar + 1));
        }
        return found;
    }
}

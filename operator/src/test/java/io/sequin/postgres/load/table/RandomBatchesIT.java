package io.sequin.postgres.load.table;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sequin.OnPostgres;
import io.sequin.Seeds;
import io.sequin.data.Change;
import io.sequin.data.Column;
import io.sequin.data.ColumnType;
import io.sequin.data.Deletes;
import io.sequin.data.Encoding;
import io.sequin.data.Json;
import io.sequin.data.RowKey;
import io.sequin.data.TablePhase;
import io.sequin.data.TableShape;
import io.sequin.data.WriteRules;
import io.sequin.postgres.load.Batch;
import io.sequin.postgres.load.Committed;
import io.sequin.postgres.load.DestinationSession;
import io.sequin.postgres.load.Place;
import io.sequin.postgres.load.Stripe;
import io.sequin.postgres.load.TableStatus;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Random batches against a map in memory: whatever way they take, the table holds what the map does. */
class RandomBatchesIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int BATCHES = 25;
    private static final int KEYS = 2_500;
    private static final TableShape SHAPE = new TableShape(
            "thing",
            List.of(
                    new Column("id", "id", ColumnType.TEXT, Encoding.PLAIN),
                    new Column("n", "n", ColumnType.BIGINT, Encoding.PLAIN),
                    new Column("t", "t", ColumnType.TEXT, Encoding.PLAIN),
                    new Column("b", "b", ColumnType.BOOLEAN, Encoding.PLAIN),
                    new Column("j", "j", ColumnType.JSONB, Encoding.PLAIN)),
            List.of("id"));

    @OnPostgres({10, 14, 15, 18})
    void theTableEqualsTheModelAfterEachBatch(int major) throws IOException {
        long seed = Seeds.seed(RandomBatchesIT.class);
        Random random = new Random(seed);
        Map<String, String> model = new TreeMap<>();
        Set<String> marked = new TreeSet<>();
        WriteRules rules = WriteRules.USUAL;
        try (Place place = Place.on(major)) {
            DestinationSession session = Stripe.begun(place, "s", SHAPE);
            try {
                for (int seq = 0; seq < BATCHES; seq++) {
                    List<Change> changes = changes(random, seq);
                    Map<String, String> before = new TreeMap<>(model);
                    apply(changes, model);
                    mark(before.keySet(), model.keySet(), rules, marked);
                    Map<String, TablePhase> phases =
                            random.nextInt(8) == 0 ? Map.of("thing", TablePhase.LIVE) : Map.of();
                    Committed committed = session.commit(
                            new Batch(Stripe.LANE, seq, Stripe.checkpoint(seq), changes, phases, Map.of()));
                    assertThat(committed.changed())
                            .as("seed %s, batch %s", seed, seq)
                            .isEqualTo(difference(before, model));
                    assertThat(Objects.requireNonNull(committed.tables().getOrDefault("thing", status(session)))
                                    .rows())
                            .isEqualTo(model.size());
                    if (random.nextInt(6) == 0) {
                        session.close();
                        rules = new WriteRules(random.nextBoolean() ? Deletes.SOFT : Deletes.HARD);
                        session = place.taken("s", rules);
                        session.ensure(SHAPE, Set.of(Stripe.LANE));
                    }
                }
                assertThat(stored(place)).as("seed %s", seed).isEqualTo(model);
                assertThat(place.rows("select id from s.thing where _sync_deleted_at is not null"))
                        .as("marked, seed %s", seed)
                        .containsExactlyInAnyOrderElementsOf(marked);
                assertThat(place.value("select marked from s._sync_table")).isEqualTo("" + marked.size());
            } finally {
                session.close();
            }
        }
    }

    private static void mark(Set<String> before, Set<String> after, WriteRules rules, Set<String> marked) {
        if (rules.deletes() == Deletes.SOFT) {
            marked.addAll(before);
        }
        marked.removeAll(after);
    }

    private static TableStatus status(DestinationSession session) {
        return session.ensure(SHAPE, Set.of(Stripe.LANE));
    }

    private static List<Change> changes(Random random, int seq) {
        // the first ones have keys of their own, as a listing has
        boolean listing = seq < 3;
        int size = List.of(0, 1, 7, 300, 999, 1_000, 1_700).get(random.nextInt(7));
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            RowKey key = RowKey.of(listing ? "l" + seq + "-" + i : "k'\\\"\t" + random.nextInt(KEYS));
            changes.add(
                    !listing && random.nextInt(5) == 0
                            ? new Change.Delete("thing", key)
                            : new Change.Upsert("thing", key, object(random)));
        }
        return changes;
    }

    /** Few values, so that many rows come again unchanged; some fit no column. */
    private static Json object(Random random) {
        ObjectNode object = JSON.createObjectNode();
        switch (random.nextInt(4)) {
            case 0 -> object.put("n", random.nextInt(3));
            case 1 -> object.put("n", "text " + random.nextInt(2));
            case 2 -> object.putNull("n");
            default -> object.put("b", random.nextBoolean());
        }
        if (random.nextBoolean()) {
            object.put(
                    "t",
                    List.of("", "\\N", "tab\tlf\ncr\rbs\\q\"'é😀\u0001", "null").get(random.nextInt(4)));
        }
        if (random.nextInt(3) == 0) {
            object.putObject("j")
                    .put("deep \"key\"", random.nextInt(2))
                    .putArray("list")
                    .add(1.5)
                    .addNull();
        }
        if (random.nextInt(5) == 0) {
            object.putArray("unknown").add(random.nextInt(2));
        }
        return Json.of(object.toString());
    }

    private static void apply(List<Change> changes, Map<String, String> model) throws IOException {
        for (Change change : changes) {
            String key = change.key().parts().getFirst();
            if (change instanceof Change.Upsert upsert) {
                model.put(key, canonical(JSON.readTree(upsert.object().text())));
            } else {
                model.remove(key);
            }
        }
    }

    private static long difference(Map<String, String> before, Map<String, String> after) {
        long gone = before.keySet().stream().filter(k -> !after.containsKey(k)).count();
        return gone
                + after.entrySet().stream()
                        .filter(e -> !e.getValue().equals(before.get(e.getKey())))
                        .count();
    }

    /** The rows put together again as objects of the source. */
    private static Map<String, String> stored(Place place) throws IOException {
        Map<String, String> found = new TreeMap<>();
        for (String row :
                place.rows("select to_json(id) || '|' || (jsonb_strip_nulls(jsonb_build_object('n', n, 't', t, 'b', b))"
                        + " || case when j is null then '{}' else jsonb_build_object('j', j) end || coalesce(_sync_extra, '{}')) from s.thing"
                        + " where _sync_deleted_at is null")) {
            int bar = row.indexOf("\"|{") + 1;
            found.put(JSON.readTree(row.substring(0, bar)).asText(), canonical(JSON.readTree(row.substring(bar + 1))));
        }
        return found;
    }

    /** Sorted, without the nulls that a column can't tell from absence. */
    private static String canonical(JsonNode object) {
        Map<String, JsonNode> fields = new TreeMap<>();
        object.properties().forEach(e -> {
            if (!e.getValue().isNull()) {
                fields.put(e.getKey(), sorted(e.getValue()));
            }
        });
        return fields.toString();
    }

    private static JsonNode sorted(JsonNode node) {
        if (!node.isObject()) {
            return node;
        }
        Map<String, JsonNode> fields = new TreeMap<>();
        node.properties().forEach(e -> fields.put(e.getKey(), sorted(e.getValue())));
        ObjectNode copy = JSON.createObjectNode();
        fields.forEach(copy::set);
        return copy;
    }
}

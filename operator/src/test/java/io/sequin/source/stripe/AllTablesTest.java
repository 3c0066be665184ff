package io.sequin.source.stripe;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sequin.data.Change;
import io.sequin.data.Checkpoint;
import io.sequin.source.Lane;
import io.sequin.source.Page;
import io.sequin.testkit.stripe.FakeStripe;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Every table from a fake that serves every list: filled, then followed. */
class AllTablesTest {
    private final StripeBench bench = new StripeBench(FakeStripe.start());
    private final Replica replica = new Replica();
    private final Map<String, Checkpoint> places = new HashMap<>();

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void everyTableIsTheTruthAfterItsFirstPassAndAfterChanges() {
        bench.stripe.data().seedAll(5, 5);
        Map<String, Lane> lanes = bench.plan();
        lanes.values().stream().filter(l -> l.kind() == Lane.Kind.FIRST_PASS).forEach(lane -> read(lane, 1 << 20));
        assertThat(wrong()).isEmpty();
        assertThat(StripeTables.all())
                .allSatisfy(
                        t -> assertThat(replica.table(t.name())).as(t.name()).isNotEmpty());

        Random random = new Random(6);
        bench.stripe.data().churn(random, 300);
        bench.stripe.data().settleAll();
        // once more, as the changes of what has no events may come between
        lanes.values().stream().filter(l -> l.kind() == Lane.Kind.TAIL).forEach(lane -> read(lane, 1 << 20));

        assertThat(wrong()).isEmpty();
    }

    @Test
    void whereNothingHappensAnEndOfATailLeavesItsCheckpointAsItIs() {
        bench.stripe.data().seedAll(5, 3);
        List<Lane> tails = bench.plan().values().stream()
                .filter(l -> l.kind() == Lane.Kind.TAIL)
                .toList();
        // the first walk of what is listed again learns which rows are open
        tails.forEach(lane -> read(lane, 1 << 20));
        tails.forEach(lane -> read(lane, 1 << 20));
        Map<String, Checkpoint> before = new HashMap<>(places);
        replica.forget();

        tails.forEach(lane -> read(lane, 1 << 20));

        assertThat(places).isEqualTo(before);
        assertThat(replica.table("customer")).isEmpty();
        assertThat(replica.table("tax_id"))
                .as("a list of one page that is as it was")
                .isEmpty();
    }

    private void read(Lane lane, int maxBytes) {
        Checkpoint at = places.getOrDefault(lane.id().value(), lane.start());
        Page page;
        do {
            page = bench.session.read(lane, at, maxBytes);
            assertThat(page.changes()).allMatch(c -> lane.tables().contains(c.table()));
            List<Change.Hint> hints = replica.apply(page.changes());
            for (Change.Hint hint : hints) {
                replica.apply(bench.session.fetch(List.of(hint)));
            }
            at = page.next();
        } while (!page.end());
        places.put(lane.id().value(), at);
    }

    /** By table: what differs. */
    private Map<String, List<String>> wrong() {
        Map<String, List<String>> wrong = new TreeMap<>();
        for (StripeTable table : StripeTables.all()) {
            List<String> differences = differences(table);
            if (!differences.isEmpty()) {
                wrong.put(table.name(), differences.subList(0, Math.min(3, differences.size())));
            }
        }
        return wrong;
    }

    private List<String> differences(StripeTable table) {
        Map<String, JsonNode> truth = StripeTruth.of(bench.stripe.data(), table);
        Map<String, JsonNode> ours = replica.table(table.name());
        List<String> differences = new ArrayList<>();
        truth.forEach((id, object) -> {
            if (!ours.containsKey(id)) {
                differences.add("missing " + id);
            } else if (!object.toString().equals(ours.get(id).toString()) && !object.equals(ours.get(id))) {
                differences.add("differs " + id);
            }
        });
        ours.keySet().stream().filter(id -> !truth.containsKey(id)).forEach(id -> differences.add("too much " + id));
        return differences;
    }
}

package io.sequin.source.stripe;

import static io.sequin.source.stripe.WrittenStripe.LINES;
import static io.sequin.source.stripe.WrittenStripe.list;
import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.WideBudgets;
import io.sequin.data.Change;
import io.sequin.data.RateCeiling;
import io.sequin.data.RowKey;
import io.sequin.source.Lane;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A list may hold, instead of an object, the note that it was deleted: that is no row whose every field is null. */
class DeletedNotesTest {
    private final WrittenStripe stripe = new WrittenStripe(WideBudgets.create(), RateCeiling.NONE);

    @AfterEach
    void close() {
        stripe.close();
    }

    private static String note(String id, String object) {
        return "{\"id\":\"" + id + "\",\"object\":\"" + object + "\",\"deleted\":true}";
    }

    private void lists(String path, String... objects) {
        String body = "{\"object\":\"list\",\"data\":[" + String.join(",", objects) + "],\"has_more\":false}";
        stripe.answers(path, new WrittenStripe.Reaction(200, body));
    }

    private List<Change> read(String table) {
        Lane lane = stripe.session.plan(stripe.session.discover(), Instant.now()).stream()
                .filter(l -> l.kind() == Lane.Kind.FIRST_PASS && l.tables().contains(table))
                .findFirst()
                .orElseThrow();
        return stripe.session.read(lane, lane.start(), 1 << 20).changes();
    }

    @Test
    void aRowIsGone() {
        lists("/v1/products", note("prod_2", "product"), "{\"id\":\"prod_1\",\"object\":\"product\",\"created\":1}");

        List<Change> changes = read("product");

        assertThat(changes).hasSize(2).contains(new Change.Delete("product", RowKey.of("prod_2")));
        assertThat(changes.getLast()).isInstanceOf(Change.Upsert.class);
    }

    @Test
    void aParentIsGoneWithItsRows() {
        lists("/v1/invoices", note("in_1", "invoice"));

        assertThat(read("invoice"))
                .containsExactly(
                        new Change.Delete("invoice", RowKey.of("in_1")),
                        new Change.ChildSet("invoice_line_item", RowKey.of("in_1"), true, List.of()));
    }

    @Test
    void aRowOfAParentIsNotInItsSet() {
        stripe.invoiceWithTheFirstOfItsLines("il_1");
        String rest = list(false, "il_2").replace("[", "[" + note("il_9", "line_item") + ",");
        stripe.answers(LINES + " il_1", new WrittenStripe.Reaction(200, rest));

        assertThat(
                        stripe
                                .session
                                .fetch(List.of(new Change.Hint("invoice_line_item", RowKey.of("in_1"), false)))
                                .stream()
                                .map(Change.ChildSet.class::cast)
                                .flatMap(set -> set.rows().stream())
                                .map(Change.Upsert::key))
                .containsExactly(RowKey.of("il_1"), RowKey.of("il_2"));
    }

    @Test
    void aRowThatIsListedByAnotherObjectButStandsForItselfIsGone() {
        StripeTable table = StripeTables.all().stream()
                .filter(t -> !t.isChild() && t.parentTable().isPresent())
                .findFirst()
                .orElseThrow();
        byte[] note = note("x_1", table.object()).getBytes(StandardCharsets.UTF_8);

        assertThat(ChildRows.changes(table, "parent", List.of(StripeObject.parse(note)), true))
                .containsExactly(new Change.Delete(table.name(), RowKey.of("x_1")));
    }
}

package io.sequin.postgres.load.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.OnPostgres;
import io.sequin.data.Change;
import io.sequin.data.Deletes;
import io.sequin.data.RowKey;
import io.sequin.data.WriteRules;
import io.sequin.postgres.load.DestinationSession;
import io.sequin.postgres.load.Place;
import io.sequin.postgres.load.Stripe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** The statements of {@code docs/tables.md} run as they stand. */
class TablesPageIT {
    private static List<String> statements() throws IOException {
        String page = Files.readString(Path.of("../docs/tables.md"));
        return Pattern.compile("```sql\n(.*?)\n```", Pattern.DOTALL)
                .matcher(page)
                .results()
                .map(block -> block.group(1))
                .toList();
    }

    @OnPostgres({10, 18})
    void theStatementsShowLiveRowsAndRecordsSetAside(int major) throws IOException {
        List<String> statements = statements();
        assertThat(statements).hasSize(2);
        try (Place place = Place.on(major);
                DestinationSession session =
                        Stripe.live(place, "stripe", Stripe.charge("customer"), new WriteRules(Deletes.SOFT))) {
            session.commit(Stripe.batch(
                    1,
                    List.of(
                            Stripe.upsert("customer", "live", "{}"),
                            Stripe.upsert("customer", "gone", "{}"),
                            Stripe.upsert("customer", "bad", "{\"x\":1e999999}"))));
            session.commit(Stripe.batch(2, List.of(new Change.Delete("customer", RowKey.of("gone")))));
            assertThat(place.rows(statements.getFirst())).containsExactly("live");
            assertThat(place.rows(statements.getLast()))
                    .singleElement()
                    .asString()
                    .startsWith("customer|{bad}|NumberOutOfRange|")
                    .contains("{\"x\":1e999999}");
        }
    }
}

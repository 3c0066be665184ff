package io.sequin.postgres.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.postgres.load.DestinationSession;
import io.sequin.postgres.load.Place;
import io.sequin.postgres.load.Stripe;
import java.sql.Connection;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is found missing of a table that has another file. */
class RowsGoneIT {
    @ParameterizedTest
    @CsvSource({"10, 1, false", "10, 60000, true", "18, 1, false", "18, 60000, true"})
    void aTableThatTakesTooLongToCountIsTakenForWhole(int major, int countMillis, boolean found) throws Exception {
        try (Place place = Place.on(major)) {
            try (DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
                session.commit(Stripe.batch(1, Stripe.charges(0, 1, 1)));
            }
            place.run("truncate s.charge; update s._sync_table set \"rows\" = 1000000;"
                    + " insert into s.charge (id) select i::text from generate_series(1, 200000) i");
            try (Connection connection = place.connect()) {
                connection.setAutoCommit(false);
                Transaction tx = new Transaction(connection);
                TableRecords records = new TableRecords("s");
                TableRecord record = records.lock(tx, "charge").orElseThrow();
                Relation relation = Relation.find(tx, "s", "charge").orElseThrow();
                tx.execute("set local statement_timeout = '50s'");
                Optional<RowGrowth> gone =
                        new RowsGone("s", records, new RowCount(countMillis)).find(tx, record, relation, Map.of());
                assertThat(gone).isEqualTo(found ? Optional.of(new RowGrowth(true, -800_000, 0, 0)) : Optional.empty());
                assertThat(tx.first("select current_setting('statement_timeout')", row -> row.getString(1)))
                        .contains("50s");
            }
        }
    }
}

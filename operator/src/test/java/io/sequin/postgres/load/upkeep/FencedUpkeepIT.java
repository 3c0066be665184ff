package io.sequin.postgres.load.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.data.Column;
import io.sequin.data.ColumnType;
import io.sequin.data.Deletes;
import io.sequin.data.Encoding;
import io.sequin.data.NewColumns;
import io.sequin.data.TableShape;
import io.sequin.data.WriteRules;
import io.sequin.postgres.load.DestinationSession;
import io.sequin.postgres.load.FencedOut;
import io.sequin.postgres.load.Place;
import io.sequin.postgres.load.Stripe;
import io.sequin.postgres.load.Upkeep;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What making sure of a table has left to a writer whose schema another one has taken meanwhile. */
class FencedUpkeepIT {
    private static Place place() {
        return Place.durable(18);
    }

    @Test
    void anEarlierWriterPurgesNoMarkedRow() {
        try (Place place = place()) {
            try (DestinationSession soft = Stripe.live(place, "s", Stripe.charge(), new WriteRules(Deletes.SOFT))) {
                soft.commit(Stripe.batch(1, Stripe.charges(0, 5, 1)));
                soft.commit(Stripe.batch(2, SoftDeletesIT.deletes(4)));
            }
            WriteRules hard = new WriteRules(Deletes.HARD, NewColumns.ADD, Optional.of(PurgeIT.code(place)));
            try (DestinationSession earlier = place.taken("s", hard)) {
                assertThat(earlier.ensure(Stripe.charge(), Set.of(Stripe.LANE)).left())
                        .isEqualTo(Upkeep.PURGE);
                FencedOut.assertRefused(place, () -> earlier.tend("charge"));
                assertThat(place.value("select count(*) from s.charge")).isEqualTo("5");
            }
        }
    }

    @Test
    void anEarlierWriterMovesNoValueIntoANewColumn() {
        List<Column> columns = new ArrayList<>(Stripe.charge().columns());
        columns.add(new Column("fee", "fee", ColumnType.BIGINT, Encoding.PLAIN));
        try (Place place = place();
                DestinationSession earlier = Stripe.live(place, "s", Stripe.charge())) {
            earlier.commit(Stripe.batch(1, List.of(Stripe.upsert("charge", "ch_1", "{\"fee\":7}"))));
            assertThat(earlier.ensure(new TableShape("charge", columns, List.of("id")), Set.of(Stripe.LANE))
                            .left())
                    .isEqualTo(Upkeep.PROMOTE);
            FencedOut.assertRefused(place, () -> earlier.tend("charge"));
            assertThat(place.rows("select fee, _sync_extra from s.charge")).containsExactly("null|{\"fee\": 7}");
        }
    }
}

package io.sequin.postgres.load.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.OnPostgres;
import io.sequin.data.LaneId;
import io.sequin.data.TablePhase;
import io.sequin.postgres.load.Committed;
import io.sequin.postgres.load.DestinationSession;
import io.sequin.postgres.load.LaneState;
import io.sequin.postgres.load.Lines;
import io.sequin.postgres.load.Place;
import io.sequin.postgres.load.Stripe;
import io.sequin.postgres.load.TableStatus;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Tables that a Sync does not select any more. */
class RetainedTablesIT {
    private static final LaneId LINES = new LaneId("backfill:line");

    @OnPostgres({10, 15, 18})
    void areKeptAndStartAgainWithTheirFirstPassOnceSelected(int major) {
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
            session.commit(Stripe.batch(1, Stripe.charges(0, 3, 5)));
            session.ensure(Lines.shape(), Set.of(LINES));
            session.begin(Map.of(LINES, Stripe.START));

            assertThat(session.retainOthers(Set.of("line"))).containsExactly("charge");
            assertThat(session.retainOthers(Set.of("line"))).containsExactly("charge");
            assertThat(place.rows("select name, phase from s._sync_table order by name"))
                    .isEqualTo(List.of("charge|RETAINED", "line|FIRST_PASS"));
            assertThat(place.value("select count(*) from s.charge")).isEqualTo("3");

            TableStatus again = session.ensure(Stripe.charge(), Set.of(Stripe.LANE));
            assertThat(again.phase()).isEqualTo(TablePhase.FIRST_PASS);
            assertThat(again.rows()).isEqualTo(3);
            assertThat(session.begin(Map.of(Stripe.LANE, Stripe.START)))
                    .as("its lane starts anew")
                    .containsEntry(Stripe.LANE, new LaneState(0, Stripe.START));
            Committed filled = session.commit(Stripe.batch(0, Stripe.charges(0, 4, 5)));
            assertThat(filled.changed()).isEqualTo(1);
            assertThat(session.retainOthers(Set.of("charge", "line"))).isEmpty();
        }
    }
}

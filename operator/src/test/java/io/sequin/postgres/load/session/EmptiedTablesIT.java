package io.sequin.postgres.load.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.OnPostgres;
import io.sequin.data.Deletes;
import io.sequin.data.LaneId;
import io.sequin.data.NewColumns;
import io.sequin.data.TablePhase;
import io.sequin.data.WriteRules;
import io.sequin.postgres.load.DestinationSession;
import io.sequin.postgres.load.LaneState;
import io.sequin.postgres.load.Place;
import io.sequin.postgres.load.Stripe;
import io.sequin.postgres.load.TableStatus;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Rows that others took of a table as a whole come again, whatever was written to it since. */
class EmptiedTablesIT {
    private static final Set<LaneId> FILLS = Set.of(Stripe.LANE);
    private static final WriteRules SOFT = new WriteRules(Deletes.SOFT, NewColumns.ADD);
    private static final String RECORDED = "select phase, \"rows\", marked from s._sync_table";

    @OnPostgres({10, 18})
    void aTableThatWasTruncatedAndWrittenToSinceIsFilledAnew(int major) {
        try (Place place = Place.on(major)) {
            try (DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
                session.commit(Stripe.batch(1, Stripe.charges(0, 5, 1)));
                place.run("truncate s.charge");
                session.commit(Stripe.batch(2, Stripe.charges(5, 6, 1)));
            }
            assertThat(place.rows(RECORDED)).containsExactly("LIVE|6|0");
            try (DestinationSession session = place.taken("s")) {
                assertThat(session.ensure(Stripe.charge(), FILLS).phase()).isEqualTo(TablePhase.FIRST_PASS);
                assertThat(place.rows(RECORDED)).containsExactly("FIRST_PASS|1|0");
                assertThat(session.begin(Map.of(Stripe.LANE, Stripe.START)))
                        .containsEntry(Stripe.LANE, new LaneState(0, Stripe.START));
                session.commit(Stripe.batch(0, Stripe.charges(0, 3, 1)));
            }
            try (DestinationSession session = place.taken("s")) {
                session.ensure(Stripe.charge(), FILLS);
                assertThat(session.begin(Map.of(Stripe.LANE, Stripe.START)))
                        .as("once is enough")
                        .containsEntry(Stripe.LANE, new LaneState(1, Stripe.checkpoint(1)));
                assertThat(place.rows(RECORDED)).containsExactly("FIRST_PASS|4|0");
            }
        }
    }

    @OnPostgres({10, 18})
    void rowsMarkedAsDeletedAreCountedForThemselves(int major) {
        try (Place place = Place.on(major)) {
            try (DestinationSession session = Stripe.live(place, "s", Stripe.charge(), SOFT)) {
                session.commit(Stripe.batch(1, Stripe.charges(0, 5, 1)));
                session.commit(Stripe.batch(2, List.of(Stripe.delete("ch_0"), Stripe.delete("ch_1"))));
                place.run("truncate s.charge");
                session.commit(Stripe.batch(3, Stripe.charges(6, 8, 1)));
                session.commit(Stripe.batch(4, List.of(Stripe.delete("ch_6"))));
            }
            assertThat(place.rows(RECORDED)).containsExactly("LIVE|4|3");
            try (DestinationSession session = place.taken("s", SOFT)) {
                session.ensure(Stripe.charge(), FILLS);
            }
            assertThat(place.rows(RECORDED)).containsExactly("FIRST_PASS|1|1");
        }
    }

    @OnPostgres({10, 18})
    void aTableThatWasOnlyRewrittenGoesOn(int major) {
        try (Place place = Place.on(major)) {
            try (DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
                session.commit(Stripe.batch(1, Stripe.charges(0, 5, 1)));
            }
            for (String rewrite : List.of(
                    "vacuum full s.charge",
                    "cluster s.charge using charge_pkey",
                    "alter table s.charge alter column amount type numeric")) {
                place.run(rewrite);
                try (DestinationSession session = place.taken("s")) {
                    TableStatus status = session.ensure(Stripe.charge(), FILLS);
                    assertThat(status.phase()).as(rewrite).isEqualTo(TablePhase.LIVE);
                    assertThat(status.rows()).isEqualTo(5);
                    assertThat(session.begin(Map.of(Stripe.LANE, Stripe.START)))
                            .containsEntry(Stripe.LANE, new LaneState(2, Stripe.checkpoint(2)));
                }
                assertThat(place.value("select file = pg_relation_filenode('s.charge') from s._sync_table"))
                        .isEqualTo("t");
            }
        }
    }

    @OnPostgres(18)
    void rowsThatSomebodyDeletedOneByOneStayAway(int major) {
        try (Place place = Place.on(major)) {
            try (DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
                session.commit(Stripe.batch(1, Stripe.charges(0, 5, 1)));
            }
            place.run("delete from s.charge where id = 'ch_1'");
            try (DestinationSession session = place.taken("s")) {
                assertThat(session.ensure(Stripe.charge(), FILLS).phase()).isEqualTo(TablePhase.LIVE);
            }
        }
    }
}

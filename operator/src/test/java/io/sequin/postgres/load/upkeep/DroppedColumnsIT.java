package io.sequin.postgres.load.upkeep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sequin.OnPostgres;
import io.sequin.data.Change;
import io.sequin.data.Deletes;
import io.sequin.data.NewColumns;
import io.sequin.data.Problem;
import io.sequin.data.TablePhase;
import io.sequin.data.WriteRules;
import io.sequin.postgres.PostgresException;
import io.sequin.postgres.PostgresProblem;
import io.sequin.postgres.TableException;
import io.sequin.postgres.load.DestinationSession;
import io.sequin.postgres.load.LaneState;
import io.sequin.postgres.load.Place;
import io.sequin.postgres.load.Stripe;
import io.sequin.postgres.load.TableStatus;
import java.util.List;
import java.util.Map;

/** Tables of which somebody dropped a column, or renamed it. */
class DroppedColumnsIT {
    @OnPostgres({10, 18})
    void aColumnThatSomebodyDroppedIsMadeAgainAndReadAgain(int major) {
        try (Place place = Place.on(major)) {
            try (DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
                session.commit(Stripe.batch(1, Stripe.charges(0, 5, 1)));
                place.run("alter table s.charge drop column amount");
                assertThat(catchThrowableOfType(
                                        PostgresException.class,
                                        () -> session.commit(Stripe.batch(2, Stripe.charges(0, 5, 2))))
                                .problem()
                                .code())
                        .as("the schema is opened again")
                        .isEqualTo(PostgresProblem.STORAGE_MISSING);
            }
            try (DestinationSession session = place.taken("s")) {
                TableStatus status = Stripe.whole(session, Stripe.charge());
                assertThat(status.phase()).isEqualTo(TablePhase.FIRST_PASS);
                assertThat(status.rows()).isEqualTo(5);
                assertThat(session.begin(Map.of(Stripe.LANE, Stripe.START)))
                        .containsEntry(Stripe.LANE, new LaneState(0, Stripe.START));
                session.commit(Stripe.batch(0, Stripe.charges(0, 5, 1)));
                assertThat(place.rows("select distinct amount from s.charge")).containsExactly("1");
            }
        }
    }

    @OnPostgres({10, 18})
    void soAreTheOperatorsOwnColumnsAndRowsWithoutTheirMarkCountAsRows(int major) {
        WriteRules soft = new WriteRules(Deletes.SOFT, NewColumns.ADD);
        Change.Upsert kept = Stripe.upsert("charge", "ch_1", "{\"kept\":1}");
        try (Place place = Place.on(major)) {
            try (DestinationSession session = Stripe.live(place, "s", Stripe.charge(), soft)) {
                session.commit(Stripe.batch(1, List.of(kept, Stripe.charge("ch_2", 1))));
                session.commit(Stripe.batch(2, List.of(Stripe.delete("ch_2"))));
                place.run("alter table s.charge drop column _sync_extra, drop column _sync_deleted_at");
            }
            try (DestinationSession session = place.taken("s", soft)) {
                TableStatus status = Stripe.whole(session, Stripe.charge());
                assertThat(status.phase()).isEqualTo(TablePhase.FIRST_PASS);
                assertThat(status.rows()).isEqualTo(2);
                assertThat(status.marked()).isZero();
                session.begin(Map.of(Stripe.LANE, Stripe.START));
                session.commit(Stripe.batch(0, List.of(kept)));
                assertThat(place.value("select _sync_extra->>'kept' from s.charge where id = 'ch_1'"))
                        .isEqualTo("1");
            }
        }
    }

    @OnPostgres({10, 18})
    void aKeyColumnThatSomebodyDroppedIsNotMadeAgainBesideRowsWithoutIt(int major) {
        try (Place place = Place.on(major)) {
            try (DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
                session.commit(Stripe.batch(1, Stripe.charges(0, 5, 1)));
                place.run("alter table s.charge rename column id to mine");
            }
            try (DestinationSession session = place.taken("s")) {
                assertThat(refused(session).message()).contains("\"s\".\"charge\"", "column \"id\"");
                place.run("alter table s.charge rename column mine to id");
                assertThat(Stripe.whole(session, Stripe.charge()).rows()).isEqualTo(5);
                place.run("alter table s.charge drop column id");
                Problem gone = refused(session);
                assertThat(place.value("select count(*) || ' ' || min(amount) from s.charge"))
                        .as("left as it is, for a person to look at")
                        .isEqualTo("5 1");
                place.run(gone.cure().getFirst().sql());
                TableStatus anew = Stripe.whole(session, Stripe.charge());
                assertThat(anew.phase()).isEqualTo(TablePhase.FIRST_PASS);
                session.begin(Map.of(Stripe.LANE, Stripe.START));
                session.commit(Stripe.batch(0, Stripe.charges(0, 5, 1)));
                assertThat(place.value("select count(*) || ' ' || count(distinct id) from s.charge"))
                        .isEqualTo("5 5");
            }
        }
    }

    private static Problem refused(DestinationSession session) {
        Problem why = catchThrowableOfType(TableException.class, () -> Stripe.whole(session, Stripe.charge()))
                .problem();
        assertThat(why.code()).isEqualTo(PostgresProblem.TABLE_ALTERED);
        return why;
    }
}

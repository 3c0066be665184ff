package io.sequin.postgres.load.resync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sequin.OnPostgres;
import io.sequin.data.Change;
import io.sequin.data.DeleteGuard;
import io.sequin.data.Deletes;
import io.sequin.data.RowKey;
import io.sequin.data.TablePhase;
import io.sequin.data.WriteRules;
import io.sequin.postgres.PostgresProblem;
import io.sequin.postgres.TableException;
import io.sequin.postgres.load.Batch;
import io.sequin.postgres.load.DestinationSession;
import io.sequin.postgres.load.DirtyMarks;
import io.sequin.postgres.load.LaneState;
import io.sequin.postgres.load.Passes;
import io.sequin.postgres.load.Passes.Swept;
import io.sequin.postgres.load.Place;
import io.sequin.postgres.load.Stripe;
import io.sequin.postgres.load.TableStatus;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Full passes over tables that are live: what was met stays, what was not goes. */
class ResyncIT {
    private static String ids(Place place, String table) {
        return place.value("select coalesce(string_agg(id, ' ' order by id), '') from s." + table);
    }

    private static String rows(Place place, String table) {
        return place.value("select rows from s._sync_table where name = '" + table + "'");
    }

    @OnPostgres({10, 14, 15, 18})
    void rowsThatNeitherThePassNorTheTailMetAreDeletedAfterIt(int major) {
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
            session.commit(Stripe.batch(1, Stripe.charges(0, 6, 1)));
            Resync pass = new Resync(session, "charge");
            pass.page(Stripe.charges(0, 2, 1));
            // the tail: a change, a delete, a new row
            session.commit(Stripe.batch(
                    2, List.of(Stripe.charge("ch_4", 9), Stripe.delete("ch_1"), Stripe.charge("ch_new", 1))));
            pass.page(Stripe.charges(2, 3, 1));
            assertThat(ids(place, "charge")).as("before its end").isEqualTo("ch_0 ch_2 ch_3 ch_4 ch_5 ch_new");
            assertThat(place.value("select seen from s._sync_state where lane = '" + Resync.LANE + "'"))
                    .isEqualTo("5");
            assertThat(pass.complete().sweep(DeleteGuard.USUAL)).isEqualTo(new Swept.Done());
            assertThat(ids(place, "charge")).isEqualTo("ch_0 ch_2 ch_4 ch_new");
            assertThat(rows(place, "charge")).isEqualTo("4");
            session.passes().finish(Resync.LANE, Set.of("charge"));
            session.passes().forget(Set.of("charge"));
            assertThat(place.value("select count(*) from s._sync_seen")).isEqualTo("0");
        }
    }

    @OnPostgres({10, 18})
    void aRecordSetAsideCountsAsMetAndIsForgottenOnceTheSourceHasItNoMore(int major) {
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
            session.commit(Stripe.batch(1, List.of(Stripe.charge("bad_1", 1), Stripe.charge("good", 1))));
            session.commit(Stripe.batch(2, List.of(unfit("bad_1"), unfit("bad_2"))));
            Resync pass = new Resync(session, "charge");
            pass.page(List.of(unfit("bad_1"), Stripe.charge("good", 1)));
            assertThat(pass.complete().sweep(DeleteGuard.USUAL))
                    .isInstanceOfSatisfying(
                            Swept.Done.class,
                            done -> assertThat(done.committed())
                                    .as("one less is set aside")
                                    .isPresent());
            assertThat(ids(place, "charge")).as("what was there before stays").isEqualTo("bad_1 good");
            assertThat(place.rows("select key[1] from s._sync_error")).containsExactly("bad_1");
            assertThat(place.value("select errors from s._sync_table")).isEqualTo("1");
        }
    }

    private static Change.Upsert unfit(String id) {
        return Stripe.upsert("charge", id, "{\"id\":\"%s\",\"metadata\":{\"n\":1e999999}}".formatted(id));
    }

    @OnPostgres(18)
    void aRowThatIsToBeFetchedStays(int major) {
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
            session.commit(Stripe.batch(1, Stripe.charges(0, 3, 1)));
            Resync pass = new Resync(session, "charge");
            session.commit(new Batch(
                    Stripe.LANE,
                    2,
                    Stripe.checkpoint(3),
                    List.of(),
                    Map.of(),
                    Map.of(),
                    DirtyMarks.adding(List.of(new Change.Hint("charge", RowKey.of("ch_1"), false)))));
            assertThat(pass.complete().sweep(DeleteGuard.USUAL)).isEqualTo(new Swept.Done());
            assertThat(ids(place, "charge")).isEqualTo("ch_1");
        }
    }

    @OnPostgres(18)
    void whatANewerAnswerHasOvertakenWasMet(int major) {
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
            session.commit(Stripe.batch(1, Stripe.charges(0, 2, 1)));
            Resync pass = new Resync(session, "charge");
            LaneState at = session.lane(Resync.LANE);
            Map<String, Set<RowKey>> met = Map.of("charge", Set.of(RowKey.of("ch_1")));
            session.commit(new Batch(
                    Resync.LANE, at.seq(), Stripe.checkpoint(9), List.of(), Map.of(), Map.of(), DirtyMarks.NONE, met));
            assertThat(pass.complete().sweep(DeleteGuard.USUAL)).isEqualTo(new Swept.Done());
            assertThat(ids(place, "charge")).isEqualTo("ch_1");
        }
    }

    @OnPostgres(18)
    void nothingIsDeletedBeforeThePassIsComplete(int major) {
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
            session.commit(Stripe.batch(1, Stripe.charges(0, 3, 1)));
            Resync pass = new Resync(session, "charge");
            pass.page(Stripe.charges(0, 1, 1));
            assertThat(pass.sweep(DeleteGuard.USUAL)).isEqualTo(new Swept.Lost());
            assertThat(rows(place, "charge")).isEqualTo("3");
        }
    }

    @OnPostgres({10, 15})
    void manyRowsAreDeletedInPieces(int major) {
        int rows = 2 * Sweeper.CHUNK + 5_000;
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
            session.commit(Stripe.batch(1, Stripe.charges(0, rows, 1)));
            Resync pass = new Resync(session, "charge");
            pass.page(Stripe.charges(0, 10, 1));
            pass.complete();
            Passes.Sweep sweep =
                    new Passes.Sweep(Resync.LANE, "charge", Map.of(), new DeleteGuard(100, Optional.empty()));
            int pieces = 0;
            while (Resync.next(session, sweep) instanceof Swept.Some) {
                pieces++;
                assertThat(Integer.parseInt(rows(place, "charge")))
                        .isGreaterThanOrEqualTo(rows - pieces * Sweeper.CHUNK);
            }
            assertThat(pieces).isEqualTo(3);
            assertThat(place.value("select count(*) from s.charge")).isEqualTo("10");
        }
    }

    @OnPostgres(18)
    void aLargePartWaitsForItsCodeWhichServesOnceAndAlsoAfterAnInterruption(int major) {
        int rows = 3 * Sweeper.CHUNK;
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
            session.commit(Stripe.batch(1, Stripe.charges(0, rows, 1)));
            Resync pass = new Resync(session, "charge");
            pass.page(Stripe.charges(0, 10, 1));
            pass.complete();
            Swept refused = pass.sweep(DeleteGuard.USUAL);
            assertThat(refused).isInstanceOf(Swept.Refused.class);
            String message = ((Swept.Refused) refused).why().message();
            assertThat(message).contains((rows - 10) + " of " + rows + " rows");
            assertThat(rows(place, "charge")).isEqualTo(Integer.toString(rows));
            String code = message.replaceAll(".*confirm: (charge-[0-9a-f]{4});.*", "$1");
            DeleteGuard confirmed = new DeleteGuard(30, Optional.of(code));
            assertThat(Resync.next(session, new Passes.Sweep(Resync.LANE, "charge", Map.of(), confirmed)))
                    .isInstanceOf(Swept.Some.class);
            // a new process, and the user took the code away already
            try (DestinationSession later = place.taken("s")) {
                later.ensure(Stripe.charge(), Set.of());
                assertThat(Resync.going(later).complete()).isTrue();
                Passes.Sweep rest = new Passes.Sweep(Resync.LANE, "charge", Map.of(), DeleteGuard.USUAL);
                assertThat(Resync.next(later, rest)).isInstanceOf(Swept.Some.class);
                while (Resync.goesOn(later.passes().sweep(rest))) {}
                assertThat(rows(place, "charge")).isEqualTo("10");
                later.passes().finish(Resync.LANE, Set.of("charge"));
                later.commit(Resync.batch(Stripe.LANE, later.lane(Stripe.LANE), Stripe.charges(0, rows, 1)));
                Resync second = new Resync(later, "charge");
                second.page(Stripe.charges(0, 10, 1));
                assertThat(second.complete().sweep(confirmed)).isInstanceOf(Swept.Refused.class);
            }
        }
    }

    @OnPostgres({10, 15})
    void whereDeletedRowsStayTheyAreMarkedOnceAndReviveWhenTheyReturn(int major) {
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.live(place, "s", Stripe.charge(), new WriteRules(Deletes.SOFT))) {
            session.commit(Stripe.batch(1, Stripe.charges(0, 3, 1)));
            String marked = "select string_agg(id, ' ' order by id) from s.charge where _sync_deleted_at is not null";
            for (int times = 0; times < 2; times++) {
                Resync pass = new Resync(session, "charge");
                pass.page(Stripe.charges(0, 1, 1));
                assertThat(pass.complete().sweep(DeleteGuard.USUAL)).isEqualTo(new Swept.Done());
                assertThat(place.value(marked)).isEqualTo("ch_1 ch_2");
                assertThat(place.rows("select rows, marked from s._sync_table")).containsExactly("1|2");
            }
            Resync pass = new Resync(session, "charge");
            pass.page(Stripe.charges(0, 2, 1));
            assertThat(pass.complete().sweep(DeleteGuard.USUAL)).isEqualTo(new Swept.Done());
            assertThat(place.value(marked)).isEqualTo("ch_2");
            assertThat(place.rows("select rows, marked from s._sync_table")).containsExactly("2|1");
        }
    }

    @OnPostgres(18)
    void aTableThatMissedChangesMeanwhileIsNotSwept(int major) {
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
            session.commit(Stripe.batch(1, Stripe.charges(0, 3, 1)));
            Resync pass = new Resync(session, "charge");
            session.commit(new Batch(
                    Stripe.LANE,
                    2,
                    Stripe.checkpoint(3),
                    List.of(),
                    Map.of("charge", TablePhase.FIRST_PASS),
                    Map.of()));
            session.commit(new Batch(
                    Stripe.LANE, 3, Stripe.checkpoint(4), List.of(), Map.of("charge", TablePhase.LIVE), Map.of()));
            pass.page(Stripe.charges(0, 1, 1));
            assertThat(pass.complete().sweep(DeleteGuard.USUAL)).isEqualTo(new Swept.Lost());
            assertThat(session.passes().resume(Resync.LANE, Passes.Listing.of(Set.of("charge"))))
                    .isNotInstanceOf(Passes.Resumed.Going.class);
            assertThat(rows(place, "charge")).isEqualTo("3");
        }
    }

    @Test
    void aKeyThatIsANumberIsMetHoweverItWasWritten() {
        try (Place place = Place.on(10);
                DestinationSession session = Stripe.live(place, "s", Numbers.shape())) {
            session.commit(Stripe.batch(1, List.of(Numbers.row("1.0"), Numbers.row("2"))));
            Resync pass = new Resync(session, Numbers.TABLE);
            pass.page(List.of(Numbers.row("1.00")));
            assertThat(pass.complete().sweep(DeleteGuard.USUAL)).isEqualTo(new Swept.Done());
            assertThat(place.rows("select id from s.number")).containsExactly("1.0");
        }
    }

    @OnPostgres({10, 18})
    void aTriggerThatKeepsRowsWithoutAWordIsToldAndNotTriedWithoutEnd(int major) {
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
            session.commit(Stripe.batch(1, Stripe.charges(0, 3, 5)));
            place.run("create function keep() returns trigger language plpgsql as 'begin return null; end'");
            place.run("create trigger keep before delete on s.charge for each row execute procedure keep()");
            Resync pass = new Resync(session, "charge");
            pass.page(Stripe.charges(0, 2, 5));
            pass.complete();
            TableException refused = catchThrowableOfType(TableException.class, () -> pass.sweep(DeleteGuard.USUAL));
            assertThat(refused.problem().code()).isEqualTo(PostgresProblem.DELETE_REFUSED);
            assertThat(refused.table()).isEqualTo("charge");
            place.run("drop trigger keep on s.charge");
            assertThat(pass.sweep(DeleteGuard.USUAL)).isEqualTo(new Swept.Done());
            assertThat(ids(place, "charge")).isEqualTo("ch_0 ch_1");
        }
    }

    @OnPostgres({10, 18})
    void rowsThatPeopleAddedOrDeletedAreCountedAtTheEnd(int major) {
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.live(place, "s", Stripe.charge(), new WriteRules(Deletes.SOFT))) {
            session.commit(Stripe.batch(1, Stripe.charges(0, 4, 1)));
            place.run("delete from s.charge where id = 'ch_0'");
            place.run("insert into s.charge (id) select 'stray_' || i from generate_series(1, 3) i");
            place.run("insert into s.charge (id, _sync_deleted_at) values ('gone', now())");
            Resync pass = new Resync(session, "charge");
            pass.page(Stripe.charges(1, 4, 1));
            Swept swept = pass.complete().sweep(new DeleteGuard(100, Optional.empty()));

            assertThat(swept).isInstanceOfSatisfying(Swept.Done.class, done -> {
                TableStatus told = Objects.requireNonNull(
                        done.committed().orElseThrow().tables().get("charge"));
                assertThat(told.rows()).isEqualTo(3);
                assertThat(told.marked()).isEqualTo(4);
            });
            assertThat(place.rows("select rows, marked from s._sync_table")).containsExactly("3|4");
            session.passes().finish(Resync.LANE, Set.of("charge"));
        }
    }
}

package io.sequin.postgres.load.resync;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.OnPostgres;
import io.sequin.data.DeleteGuard;
import io.sequin.data.RowKey;
import io.sequin.data.Scope;
import io.sequin.postgres.load.DestinationSession;
import io.sequin.postgres.load.Lines;
import io.sequin.postgres.load.Passes.Swept;
import io.sequin.postgres.load.Place;
import io.sequin.postgres.load.Stripe;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Full passes whose listing is not believed: the source is asked for each row that it lacks. */
class AskedRowsIT {
    private static final Map<String, Scope> ASKED = Map.of("charge", Scope.ALL.by(Scope.Word.ROW));

    private static String ids(Place place, String table) {
        return place.value("select coalesce(string_agg(id, ' ' order by id), '') from s." + table);
    }

    /** Of six charges two are listed, in a pass at its end. */
    private static Resync pass(DestinationSession session) {
        session.commit(Stripe.batch(1, Stripe.charges(0, 6, 1)));
        Resync pass = new Resync(session, "charge");
        pass.page(Stripe.charges(0, 2, 1));
        return pass.complete();
    }

    private static List<RowKey> keys(Swept swept) {
        return ((Swept.Ask) swept).keys();
    }

    @OnPostgres({10, 18})
    void nothingIsDeletedBeforeTheSourceWasAskedForAllAndThenOnlyWhatItDoesNotHave(int major) {
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
            Resync pass = pass(session);
            assertThat(keys(pass.sweep(DeleteGuard.USUAL, ASKED)))
                    .containsExactly(RowKey.of("ch_2"), RowKey.of("ch_3"), RowKey.of("ch_4"), RowKey.of("ch_5"));
            session.passes().asked(Resync.LANE, "charge", RowKey.of("ch_3"));
            assertThat(keys(pass.sweep(DeleteGuard.USUAL, ASKED)))
                    .as("the rest")
                    .containsExactly(RowKey.of("ch_4"), RowKey.of("ch_5"));
            // the source still has two, of which one has changed
            pass.page(List.of(Stripe.charge("ch_2", 7), Stripe.charge("ch_5", 1)));
            assertThat(keys(pass.sweep(DeleteGuard.USUAL, ASKED))).containsExactly(RowKey.of("ch_4"));
            assertThat(ids(place, "charge")).isEqualTo("ch_0 ch_1 ch_2 ch_3 ch_4 ch_5");
            session.passes().asked(Resync.LANE, "charge", RowKey.of("ch_5"));
            assertThat(pass.sweep(DeleteGuard.USUAL, ASKED)).isEqualTo(new Swept.Done());
            assertThat(ids(place, "charge")).isEqualTo("ch_0 ch_1 ch_2 ch_5");
            assertThat(place.value("select amount from s.charge where id = 'ch_2'"))
                    .isEqualTo("7");
        }
    }

    @OnPostgres(18)
    void whatWasAskedForIsForgottenByTheNextPass(int major) {
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
            pass(session);
            session.passes().asked(Resync.LANE, "charge", RowKey.of("ch_5"));
            Resync next = new Resync(session, "charge").complete();
            assertThat(keys(next.sweep(DeleteGuard.USUAL, ASKED))).hasSize(6);
        }
    }

    @OnPostgres(18)
    void rowsOfParentsAreAskedForByTheirParentsOnceEach(int major) {
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.live(place, "s", Lines.shape())) {
            session.commit(
                    Stripe.batch(1, List.of(Lines.set("in_2", true, "c", "d"), Lines.set("in_1", true, "a", "b"))));
            Resync pass = new Resync(session, "line").complete();
            Scope.Parent parent = new Scope.Parent("charge", "invoice");
            Map<String, Scope> scopes =
                    Map.of("line", new Scope(Optional.of(parent), Optional.empty()).by(Scope.Word.ROW));
            assertThat(keys(pass.sweep(DeleteGuard.USUAL, scopes)))
                    .containsExactly(RowKey.of("in_1"), RowKey.of("in_2"));
            session.passes().asked(Resync.LANE, "line", RowKey.of("in_1"));
            pass.page(List.of(Lines.set("in_2", true, "c")));
            assertThat(pass.sweep(DeleteGuard.USUAL, scopes)).isEqualTo(new Swept.Done());
            assertThat(ids(place, "line")).isEqualTo("c");
        }
    }

    @OnPostgres(18)
    void keysAreAskedForInTheOrderOfTheirType(int major) {
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.live(place, "s", Numbers.shape())) {
            session.commit(Stripe.batch(1, List.of(Numbers.row("9"), Numbers.row("10"), Numbers.row("100"))));
            Resync pass = new Resync(session, "number").complete();
            Map<String, Scope> scopes = Map.of("number", Scope.ALL.by(Scope.Word.ROW));
            session.passes().asked(Resync.LANE, "number", RowKey.of("9"));
            assertThat(keys(pass.sweep(DeleteGuard.USUAL, scopes))).containsExactly(RowKey.of("10"), RowKey.of("100"));
        }
    }

    @OnPostgres(18)
    void rowsThatMayBeAnotherAccountsGoUnaskedSinceThisOneNeverHadThem(int major) {
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
            session.commit(Stripe.batch(1, List.of(Stripe.charge("former", 1))));
            Instant since = Instant.parse(place.value(
                    "select to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"));
            session.commit(Stripe.batch(2, List.of(Stripe.charge("own", 1))));
            Resync pass = new Resync(session, "charge").complete();
            Map<String, Scope> scopes =
                    Map.of("charge", Scope.ALL.by(Scope.Word.ROW).withOwnSince(since));
            assertThat(keys(pass.sweep(DeleteGuard.USUAL, scopes))).containsExactly(RowKey.of("own"));
            pass.page(List.of(Stripe.charge("own", 1)));
            assertThat(pass.sweep(DeleteGuard.USUAL, scopes)).isEqualTo(new Swept.Done());
            assertThat(ids(place, "charge")).isEqualTo("own");
        }
    }

    @OnPostgres(18)
    void aRecordSetAsideOfAListThatLeavesRowsOutIsNotForgotten(int major) {
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
            session.commit(Stripe.batch(1, List.of(Stripe.upsert("charge", "ch_bad", "{"))));
            assertThat(place.value("select count(*) from s._sync_error")).isEqualTo("1");
            Resync pass = new Resync(session, "charge").complete();
            Map<String, Scope> partial = Map.of("charge", Scope.ALL.by(Scope.Word.ROW_OF_PARTIAL_LISTING));
            assertThat(pass.sweep(DeleteGuard.USUAL, partial)).isEqualTo(new Swept.Done());
            assertThat(place.value("select count(*) from s._sync_error")).isEqualTo("1");
        }
    }
}

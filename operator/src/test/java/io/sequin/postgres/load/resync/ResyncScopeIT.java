package io.sequin.postgres.load.resync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sequin.OnPostgres;
import io.sequin.data.Change;
import io.sequin.data.DeleteGuard;
import io.sequin.data.LaneId;
import io.sequin.data.Scope;
import io.sequin.data.TablePhase;
import io.sequin.postgres.TableException;
import io.sequin.postgres.load.Batch;
import io.sequin.postgres.load.DestinationSession;
import io.sequin.postgres.load.Lines;
import io.sequin.postgres.load.Passes;
import io.sequin.postgres.load.Passes.Swept;
import io.sequin.postgres.load.Place;
import io.sequin.postgres.load.Stripe;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Full passes that do not bring every row, and rows that belong to parents. */
class ResyncScopeIT {
    private static final Scope.Since SINCE = new Scope.Since("created", Instant.parse("2020-01-01T00:00:00Z"));

    private static String ids(Place place, String table) {
        return place.value("select coalesce(string_agg(id, ' ' order by id), '') from s." + table);
    }

    private static String rows(Place place, String table) {
        return place.value("select rows from s._sync_table where name = '" + table + "'");
    }

    private static Change.Upsert made(String id, String day) {
        long seconds = Instant.parse(day + "T00:00:00Z").getEpochSecond();
        return Stripe.upsert("charge", id, "{\"id\":\"%s\",\"created\":%d}".formatted(id, seconds));
    }

    @OnPostgres(15)
    void rowsThatTheListingWouldNotBringStay(int major) {
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
            session.commit(Stripe.batch(
                    1,
                    List.of(
                            made("old", "2019-12-31"),
                            made("first", "2020-01-01"),
                            made("new", "2024-01-01"),
                            Stripe.upsert("charge", "never", "{\"id\":\"never\"}"))));
            Resync pass = new Resync(session, "charge");
            pass.complete();
            Scope scope = new Scope(Optional.empty(), Optional.of(SINCE));
            assertThat(pass.sweep(DeleteGuard.USUAL, Map.of("charge", scope))).isEqualTo(new Swept.Done());
            assertThat(ids(place, "charge")).isEqualTo("never old");
        }
    }

    @OnPostgres({10, 18})
    void theGuardLooksAtTheShareOfTheRowsThatTheListingWouldBring(int major) {
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
            place.run("insert into s.charge (id, created) select 'old_' || n, timestamptz '2019-01-01' from"
                    + " generate_series(1, 900) n");
            place.run("insert into s.charge (id, created) select 'new_' || n, timestamptz '2024-01-01' from"
                    + " generate_series(1, 200) n");
            Resync pass = new Resync(session, "charge");
            pass.complete();
            Scope scope = new Scope(Optional.empty(), Optional.of(SINCE));

            Swept swept = pass.sweep(DeleteGuard.USUAL, Map.of("charge", scope));

            assertThat(((Swept.Refused) swept).why().message()).contains("200 of 200 rows");
            assertThat(place.value("select count(*) from s.charge")).isEqualTo("1100");
        }
    }

    @OnPostgres(18)
    void aPassThatIsSpoiledStaysSoWhateverIsMetAndLostAfterwards(int major) {
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
            Resync pass = new Resync(session, "charge");
            place.run("drop table s.charge");
            session.ensure(Stripe.charge(), Set.of());
            pass.page(List.of(Stripe.charge("in_1", 1)));
            // as a crash of the server does
            place.run("truncate s._sync_seen");
            pass.complete();
            assertThat(pass.sweep(DeleteGuard.USUAL)).isEqualTo(new Swept.Lost());
            assertThat(ids(place, "charge")).isEqualTo("in_1");
        }
    }

    @OnPostgres({10, 18})
    void rowsThatMayBeOfAFormerAccountGoThoughTheListingWouldNotBringThem(int major) {
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
            session.commit(Stripe.batch(1, List.of(made("former", "2019-12-31"))));
            Instant since = Instant.parse(place.value(
                    "select to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"));
            session.commit(Stripe.batch(2, List.of(made("own", "2019-12-31"))));
            Resync pass = new Resync(session, "charge");
            pass.complete();
            Scope scope = new Scope(Optional.empty(), Optional.of(SINCE)).withOwnSince(since);
            assertThat(pass.sweep(DeleteGuard.USUAL, Map.of("charge", scope))).isEqualTo(new Swept.Done());
            assertThat(ids(place, "charge")).isEqualTo("own");
        }
    }

    @OnPostgres({10, 18})
    void childrenGoWithTheirParentInItsTransaction(int major) {
        try (Place place = Place.on(major);
                DestinationSession session = family(place)) {
            Resync pass = new Resync(session, "charge");
            pass.page(List.of(Stripe.charge("in_1", 1)));
            pass.complete();
            Map<String, Scope> scopes =
                    Map.of("line", new Scope(Optional.of(new Scope.Parent("charge", "invoice")), Optional.empty()));
            Swept swept = Resync.next(session, new Passes.Sweep(Resync.LANE, "charge", scopes, DeleteGuard.USUAL));
            assertThat(((Swept.Some) swept).committed().changed()).isEqualTo(3);
            assertThat(ids(place, "charge")).isEqualTo("in_1");
            assertThat(ids(place, "line")).isEqualTo("a orphan");
            assertThat(rows(place, "line")).isEqualTo("2");
        }
    }

    @OnPostgres({10, 18})
    void aParentStaysAsLongAsATriggerKeepsItsChildren(int major) {
        try (Place place = Place.on(major);
                DestinationSession session = family(place)) {
            place.run("create function keep() returns trigger language plpgsql as 'begin return null; end'");
            place.run("create trigger keep before delete on s.line for each row execute procedure keep()");
            Resync pass = new Resync(session, "charge");
            pass.page(List.of(Stripe.charge("in_1", 1)));
            pass.complete();
            Map<String, Scope> scopes =
                    Map.of("line", new Scope(Optional.of(new Scope.Parent("charge", "invoice")), Optional.empty()));
            Passes.Sweep sweep = new Passes.Sweep(Resync.LANE, "charge", scopes, DeleteGuard.USUAL);
            String before = ids(place, "charge");

            assertThatThrownBy(() -> Resync.next(session, sweep))
                    .isInstanceOfSatisfying(
                            TableException.class,
                            refused -> assertThat(refused.table()).isEqualTo("line"));

            assertThat(ids(place, "charge")).isEqualTo(before);
            place.run("drop trigger keep on s.line");
            assertThat(Resync.next(session, sweep)).isInstanceOf(Swept.Some.class);
        }
    }

    @OnPostgres({10, 18})
    void rowsOfParentsThatWereNotMetGoAndThoseOfOthersOutsideTheListingOrUnknownStay(int major) {
        try (Place place = Place.on(major);
                DestinationSession session = family(place)) {
            session.commit(Stripe.batch(3, List.of(made("in_old", "2019-01-01"), Lines.set("in_old", true, "old"))));
            Resync pass = new Resync(session, "line");
            // a set without rows was met as well
            pass.page(List.of(Lines.set("in_1", false), Lines.set("in_3", true)));
            pass.complete();
            Map<String, Scope> scopes =
                    Map.of("line", new Scope(Optional.of(new Scope.Parent("charge", "invoice")), Optional.of(SINCE)));
            assertThat(pass.sweep(DeleteGuard.USUAL, scopes)).isEqualTo(new Swept.Done());
            assertThat(ids(place, "line")).isEqualTo("a old orphan");
        }
    }

    @OnPostgres(18)
    void rowsStayWhereTheTableOfTheirParentsIsNotFilled(int major) {
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.live(place, "s", Lines.shape())) {
            session.commit(Stripe.batch(1, List.of(Lines.set("in_1", true, "a"))));
            Resync pass = new Resync(session, "line");
            pass.complete();
            Map<String, Scope> scopes =
                    Map.of("line", new Scope(Optional.of(new Scope.Parent("charge", "invoice")), Optional.of(SINCE)));
            assertThat(pass.sweep(DeleteGuard.USUAL, scopes)).isEqualTo(new Swept.Done());
            assertThat(ids(place, "line")).isEqualTo("a");
        }
    }

    /** Invoices in table charge, and their lines. */
    private static DestinationSession family(Place place) {
        DestinationSession session = Stripe.live(place, "s", Stripe.charge());
        session.ensure(Lines.shape(), Set.of());
        session.commit(new Batch(
                Stripe.LANE,
                1,
                Stripe.checkpoint(2),
                List.of(
                        Stripe.charge("in_1", 1),
                        Stripe.charge("in_2", 1),
                        Lines.set("in_1", true, "a"),
                        Lines.set("in_2", true, "b", "c"),
                        Lines.set("in_gone", true, "orphan")),
                Map.of("line", TablePhase.LIVE),
                Map.of()));
        session.commit(Stripe.batch(2, List.of()));
        return session;
    }

    @OnPostgres(18)
    void aPassOfOtherTablesIsNotResumed(int major) {
        try (Place place = Place.on(major);
                DestinationSession session = family(place)) {
            new Resync(session, "charge");
            assertThat(session.passes().resume(Resync.LANE, Passes.Listing.of(Set.of("charge", "line"))))
                    .isEqualTo(new Passes.Resumed.Anew());
            assertThat(session.passes().resume(new LaneId("resync:other"), Passes.Listing.of(Set.of("line"))))
                    .isNotInstanceOf(Passes.Resumed.Going.class);
        }
    }

    /** A row is deleted by its place in the table, and a row of the other table may have the same. */
    @OnPostgres({10, 18})
    void rowsOfATableThatInheritsFromOursAreNotGone(int major) {
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
            session.commit(Stripe.batch(1, List.of(Stripe.charge("ch_2", 2), Stripe.charge("ch_3", 3))));
            place.run("create table public.archive (why text) inherits (s.charge);"
                    + " insert into public.archive (id) values ('ch_3'), ('ch_old')");
            Resync pass = new Resync(session, "charge");
            pass.page(List.of(Stripe.charge("ch_2", 2), Stripe.charge("ch_3", 3)));
            pass.complete();

            assertThat(pass.sweep(DeleteGuard.USUAL)).isEqualTo(new Swept.Done());

            assertThat(place.value("select string_agg(id, ' ' order by id) from only s.charge"))
                    .isEqualTo("ch_2 ch_3");
            assertThat(ids(place, "charge")).isEqualTo("ch_2 ch_3 ch_3 ch_old");
        }
    }
}

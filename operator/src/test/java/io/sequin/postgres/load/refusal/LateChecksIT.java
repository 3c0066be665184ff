package io.sequin.postgres.load.refusal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sequin.OnPostgres;
import io.sequin.data.Change;
import io.sequin.data.DeleteGuard;
import io.sequin.data.LaneId;
import io.sequin.data.Scope;
import io.sequin.postgres.PostgresProblem;
import io.sequin.postgres.TableException;
import io.sequin.postgres.load.DestinationSession;
import io.sequin.postgres.load.Lines;
import io.sequin.postgres.load.Passes;
import io.sequin.postgres.load.Place;
import io.sequin.postgres.load.Stripe;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What users have checked at the commit only is told of the table whose changes it refuses. */
class LateChecksIT {
    private static final LaneId RESYNC = new LaneId("resync:backfill:charge");

    private static DestinationSession live(Place place) {
        DestinationSession session = Stripe.live(place, "s", Stripe.charge());
        session.ensure(Lines.shape(), Set.of());
        return session;
    }

    /** In a schema that our user can't look into. */
    private static void refersLate(Place place, String table) {
        place.run("create schema others");
        place.run("create table others.notes (of text constraint late_notes references s." + table
                + " deferrable initially deferred)");
    }

    private static void checksLate(Place place) {
        place.run("create function no_threes() returns trigger language plpgsql as"
                + " 'begin if new.amount = 3 then raise exception ''no %'', new.id; end if; return null; end'");
        place.run("create constraint trigger no_threes after insert or update on s.line"
                + " deferrable initially deferred for each row execute procedure no_threes()");
    }

    private static TableException refused(DestinationSession session, long seq, Change... changes) {
        return catchThrowableOfType(TableException.class, () -> session.commit(Stripe.batch(seq, List.of(changes))));
    }

    @OnPostgres({10, 15, 18})
    void theTableIsNamedAndNothingOfTheBatchStays(int major) {
        try (Place place = Place.on(major);
                DestinationSession session = live(place)) {
            session.commit(Stripe.batch(1, List.of(Stripe.charge("ch_1", 1), Lines.row("in_1", "li_1"))));
            refersLate(place, "charge");
            place.run("insert into others.notes values ('ch_1')");
            checksLate(place);

            TableException kept = refused(session, 2, Stripe.delete("ch_1"), Lines.row("in_1", "li_2"));
            assertThat(kept.table()).isEqualTo("charge");
            assertThat(kept.problem().code()).isEqualTo(PostgresProblem.DELETE_REFUSED);
            assertThat(kept.problem().message()).contains("\"late_notes\"", "\"others\".\"notes\"", "\"charge\"");

            TableException raised = refused(session, 2, Stripe.charge("ch_2", 1), Lines.row("in_1", "li_3", 3));
            assertThat(raised.table()).isEqualTo("line");
            assertThat(raised.problem().code()).isEqualTo(PostgresProblem.RECORD_REJECTED);
            assertThat(raised.problem().message()).contains("P0001", "\"line\"").doesNotContain("li_3");

            assertThat(place.rows("select id from s.charge union all select id from s.line"))
                    .containsExactlyInAnyOrder("ch_1", "li_1");
            session.commit(Stripe.batch(2, List.of(Stripe.charge("ch_2", 1), Lines.row("in_1", "li_2"))));
        }
    }

    @OnPostgres({10, 18})
    void aRowThatComesBeforeTheOneItRefersToIsNotBlamedForAnother(int major) {
        try (Place place = Place.on(major);
                DestinationSession session = live(place)) {
            place.run("alter table s.charge add constraint known foreign key (customer_id) references s.line"
                    + " deferrable initially deferred");
            checksLate(place);
            session.commit(Stripe.batch(1, List.of(Stripe.charge("ch_1", 1), Lines.row("in_1", "cus_1"))));
            place.run("create table public.notes (of text constraint late_notes references s.line"
                    + " deferrable initially deferred)");
            session.commit(Stripe.batch(2, List.of(Lines.row("in_1", "li_1"))));
            place.run("insert into public.notes values ('li_1')");

            Change.Upsert charge = Stripe.upsert("charge", "ch_2", "{\"id\":\"ch_2\",\"customer\":\"li_2\"}");
            Change.Delete gone =
                    new Change.Delete("line", Lines.row("in_1", "li_1").key());
            TableException kept = refused(session, 3, charge, Lines.row("in_1", "li_2"), gone);
            assertThat(kept.table()).isEqualTo("line");
            assertThat(kept.problem().message()).contains("\"late_notes\"");
        }
    }

    @OnPostgres({10, 18})
    void aSweepTellsTheTableToo(int major) {
        try (Place place = Place.on(major);
                DestinationSession session = live(place)) {
            session.commit(Stripe.batch(1, List.of(Stripe.charge("ch_1", 1))));
            refersLate(place, "charge");
            place.run("insert into others.notes values ('ch_1')");
            session.passes().start(RESYNC, Passes.Listing.of(Set.of("charge")), Stripe.START);
            session.passes().complete(RESYNC);
            Passes.Sweep sweep = new Passes.Sweep(RESYNC, "charge", Map.of("charge", Scope.ALL), DeleteGuard.USUAL);

            TableException kept = catchThrowableOfType(TableException.class, () -> all(session, sweep));
            assertThat(kept.table()).isEqualTo("charge");
            assertThat(kept.problem().code()).isEqualTo(PostgresProblem.DELETE_REFUSED);
            assertThat(place.value("select count(*) from s.charge")).isEqualTo("1");

            place.run("truncate others.notes");
            assertThat(all(session, sweep)).isEqualTo(new Passes.Swept.Done());
            assertThat(place.value("select count(*) from s.charge")).isEqualTo("0");
        }
    }

    private static Passes.Swept all(DestinationSession session, Passes.Sweep sweep) {
        Passes.Swept swept;
        do {
            swept = session.passes().sweep(sweep);
        } while (swept instanceof Passes.Swept.Some || swept instanceof Passes.Swept.More);
        return swept;
    }
}

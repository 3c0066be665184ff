package io.sequin.postgres.load.resync;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.OnPostgres;
import io.sequin.data.DeleteGuard;
import io.sequin.data.Problem;
import io.sequin.data.ResyncRequest;
import io.sequin.postgres.PostgresProblem;
import io.sequin.postgres.load.DestinationSession;
import io.sequin.postgres.load.LaneState;
import io.sequin.postgres.load.Lines;
import io.sequin.postgres.load.Passes;
import io.sequin.postgres.load.Passes.Swept;
import io.sequin.postgres.load.Place;
import io.sequin.postgres.load.ResyncState;
import io.sequin.postgres.load.Stripe;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which full pass goes on, begins anew or is over, as one who comes later finds it. */
class ResyncPassesIT {
    @OnPostgres(18)
    void aNewProcessGoesOnAndRemembersWhatTheTailBrings(int major) {
        try (Place place = Place.on(major)) {
            try (DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
                session.commit(Stripe.batch(1, Stripe.charges(0, 4, 1)));
                new Resync(session, "charge").page(Stripe.charges(0, 1, 1));
            }
            try (DestinationSession session = place.taken("s")) {
                session.ensure(Stripe.charge(), Set.of());
                session.commit(Stripe.batch(2, List.of(Stripe.charge("ch_1", 1))));
                LaneState at = Resync.going(session).lane();
                session.commit(Resync.batch(Resync.LANE, at, Stripe.charges(2, 3, 1)));
                session.passes().complete(Resync.LANE);
                Passes.Sweep sweep = new Passes.Sweep(Resync.LANE, "charge", Map.of(), DeleteGuard.USUAL);
                assertThat(Resync.next(session, sweep)).isInstanceOf(Swept.Some.class);
                assertThat(Resync.next(session, sweep)).isEqualTo(new Swept.Done());
                assertThat(place.rows("select id from s.charge order by id")).containsExactly("ch_0", "ch_1", "ch_2");
            }
        }
    }

    @OnPostgres({10, 18})
    void aPassThatBeganUnderAnotherStartDateBeginsAnew(int major) {
        Passes.Listing since2024 =
                new Passes.Listing(Set.of("charge"), Map.of("charge", Instant.parse("2024-01-01T00:00:00Z")));
        Passes.Listing since2020 =
                new Passes.Listing(Set.of("charge"), Map.of("charge", Instant.parse("2020-01-01T00:00:00Z")));
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
            Passes passes = session.passes();
            passes.start(Resync.LANE, since2024, Stripe.START);
            assertThat(passes.resume(Resync.LANE, since2024)).isInstanceOf(Passes.Resumed.Going.class);
            passes.complete(Resync.LANE);
            assertThat(passes.resume(Resync.LANE, since2020))
                    .as("what was made before 2024 was not listed, so it counts as gone")
                    .isEqualTo(new Passes.Resumed.Anew());
            assertThat(passes.resume(Resync.LANE, Passes.Listing.of(Set.of("charge"))))
                    .isEqualTo(new Passes.Resumed.Anew());
        }
    }

    @OnPostgres(18)
    void aLargeTableWithoutTheIndexOfItsParentsWaitsForItAndTheSqlCures(int major) {
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.live(place, "s", Lines.shape())) {
            session.commit(Stripe.batch(1, Lines.sets(2, 3, 1)));
            place.run("drop index s.line_invoice_idx; update s._sync_table set rows = 1000000");
            Resync resync = new Resync(session, "line").complete();

            Swept waits = resync.sweep(DeleteGuard.USUAL);

            assertThat(waits).isInstanceOf(Swept.Refused.class);
            Problem why = ((Swept.Refused) waits).why();
            assertThat(why.code()).isEqualTo(PostgresProblem.INDEX_MISSING);
            String sql = why.cure().getFirst().sql();
            assertThat(why.message()).contains(sql);
            assertThat(place.value("select count(*) from s.line")).isEqualTo("6");
            place.run(sql);
            assertThat(resync.sweep(DeleteGuard.USUAL)).isInstanceOf(Swept.Done.class);
            assertThat(place.value("select count(*) from s.line")).isEqualTo("0");
        }
    }

    @OnPostgres({10, 18})
    void aPassWhoseEndNobodyHeardOfIsFoundToBeOver(int major) {
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
            Passes passes = session.passes();
            passes.request(Optional.of(new ResyncRequest("now", Set.of())), Set.of("charge", "refund"));
            Passes.Listing charge = Passes.Listing.of(Set.of("charge"));
            assertThat(passes.resume(Resync.LANE, charge)).isEqualTo(new Passes.Resumed.Anew());
            new Resync(session, "charge").complete().sweep(DeleteGuard.USUAL);
            ResyncState after = passes.finish(Resync.LANE, Set.of("charge"));
            assertThat(after.left()).containsExactly("refund");
            assertThat(passes.resume(Resync.LANE, charge)).isEqualTo(new Passes.Resumed.Over(after));
        }
    }
}

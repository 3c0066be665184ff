package io.sequin.postgres.load.resync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sequin.OnPostgres;
import io.sequin.data.DeleteGuard;
import io.sequin.data.LaneId;
import io.sequin.data.ResyncRequest;
import io.sequin.postgres.PostgresException;
import io.sequin.postgres.PostgresProblem;
import io.sequin.postgres.load.DestinationSession;
import io.sequin.postgres.load.Passes;
import io.sequin.postgres.load.Passes.Swept;
import io.sequin.postgres.load.Place;
import io.sequin.postgres.load.Stripe;
import io.sequin.postgres.schema.WriteTimeouts;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What full passes have met, as a whole: counted and forgotten without a statement that takes longer the more there is. */
class MetKeysIT {
    private static final Set<String> CHARGE = Set.of("charge");
    private static final Passes.Listing LISTING = Passes.Listing.of(CHARGE);
    private static final String KEYS = "select count(*) from s._sync_seen where \"table\" = 'charge'";

    /** More than two statements look at. */
    private static final int MANY = 2 * MetKeys.COUNTED + 7;

    /** A pass under way that has met these; their number is right. */
    private static void meet(Place place, DestinationSession session, int keys) {
        session.passes().start(Resync.LANE, LISTING, Stripe.START);
        place.run("insert into s._sync_seen select 'charge', array['ch_' || i] from generate_series(1, " + keys
                + ") i; update s._sync_state set seen = " + keys + " where lane = '" + Resync.LANE + "'");
    }

    private static DestinationSession begun(Place place, WriteTimeouts timeouts) {
        Stripe.live(place, "s", Stripe.charge()).close();
        DestinationSession session = place.session("s", timeouts);
        session.take(Place.OWNER, Place.ACCOUNT);
        session.ensure(Stripe.charge(), Set.of());
        return session;
    }

    @OnPostgres({10, 18})
    void whatWasMetIsForgottenInPiecesEachOfWhichStays(int major) throws SQLException {
        WriteTimeouts impatient = new WriteTimeouts(
                Duration.ofMillis(300),
                Duration.ofSeconds(30),
                WriteTimeouts.standard().idle());
        try (Place place = Place.on(major);
                DestinationSession session = begun(place, impatient)) {
            meet(place, session, 2 * MetKeys.FORGOTTEN + 7);
            assertThat(session.passes().isWhole(Resync.LANE)).isTrue();
            try (Connection other = place.connect();
                    Statement statement = other.createStatement()) {
                other.setAutoCommit(false);
                statement.execute("select from s._sync_seen where \"table\" = 'charge' order by key desc limit 1"
                        + " for update");
                PostgresException locked = catchThrowableOfType(
                        PostgresException.class, () -> session.passes().forget(CHARGE));
                assertThat(locked.problem().code()).isEqualTo(PostgresProblem.LOCK_TIMEOUT);
            }
            assertThat(place.value(KEYS)).isEqualTo("7");
            assertThat(session.passes().resume(Resync.LANE, LISTING))
                    .as("a pass that has lost some")
                    .isInstanceOf(Passes.Resumed.Anew.class);
            session.passes().start(Resync.LANE, LISTING, Stripe.START);
            assertThat(place.value(KEYS)).isEqualTo("0");
            assertThat(session.passes().isWhole(Resync.LANE)).isTrue();
        }
    }

    @OnPostgres({10, 18})
    void keysThatAreMissingAreNoticedHoweverManyThereAre(int major) {
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
            session.commit(Stripe.batch(1, Stripe.charges(0, 3, 1)));
            meet(place, session, MANY);
            assertThat(session.passes().isWhole(Resync.LANE)).isTrue();
            session.passes().complete(Resync.LANE);

            meet(place, session, MANY);
            session.passes().complete(Resync.LANE);
            place.run("delete from s._sync_seen where key = '{ch_2}'");
            assertThat(session.passes().isWhole(Resync.LANE)).isFalse();
            Passes.Sweep sweep =
                    new Passes.Sweep(Resync.LANE, "charge", Map.of(), new DeleteGuard(100, Optional.empty()));
            assertThat(session.passes().sweep(sweep)).isEqualTo(new Swept.Lost());
            assertThat(session.passes().resume(Resync.LANE, LISTING)).isInstanceOf(Passes.Resumed.Anew.class);
            assertThat(place.value("select count(*) from s.charge")).isEqualTo("3");
        }
    }

    /** As pg_dump does, which holds its locks for hours. */
    @OnPostgres({10, 18})
    void neitherKeysNorAReaderOfThemKeepARequestFromEndingAPass(int major) throws SQLException {
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
            session.passes().request(Optional.of(new ResyncRequest("one", Set.of())), CHARGE);
            meet(place, session, 20);
            try (Connection reader = place.connect();
                    Statement statement = reader.createStatement()) {
                reader.setAutoCommit(false);
                statement.execute("lock table s._sync_seen in access share mode");
                assertThat(session.passes().request(Optional.empty(), CHARGE).running())
                        .isEmpty();
                assertThat(place.value(KEYS)).isEqualTo("20");
            }
            assertThat(session.passes().isWhole(Resync.LANE)).isFalse();
            session.passes().request(Optional.empty(), CHARGE);
            assertThat(place.value("select count(*) from s._sync_seen")).isEqualTo("0");
        }
    }

    @OnPostgres(18)
    void aRequestThatGoesOnKeepsWhatItsPassHasMet(int major) {
        try (Place place = Place.on(major)) {
            Optional<ResyncRequest> asked = Optional.of(new ResyncRequest("one", Set.of()));
            try (DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
                session.passes().request(asked, CHARGE);
                meet(place, session, 20);
            }
            try (DestinationSession later = place.taken("s")) {
                later.passes().request(asked, CHARGE);
                assertThat(later.passes().resume(Resync.LANE, LISTING)).isInstanceOf(Passes.Resumed.Going.class);
                assertThat(later.passes().isWhole(Resync.LANE)).isTrue();
            }
        }
    }

    @OnPostgres(18)
    void aPassEndsThoseOfOtherLanesOverItsTables(int major) {
        LaneId other = new LaneId("resync:backfill:other");
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
            session.passes().start(other, Passes.Listing.of(Set.of("charge", "refund")), Stripe.START);
            new Resync(session, "charge").page(Stripe.charges(0, 2, 1));
            assertThat(place.rows("select lane from s._sync_state where full_pass is not null"))
                    .containsExactly(Resync.LANE.value());
            assertThat(session.passes().isWhole(other)).isFalse();
            try (DestinationSession later = place.taken("s")) {
                later.ensure(Stripe.charge(), Set.of());
                Resync.going(later);
                later.commit(Resync.batch(Stripe.LANE, later.lane(Stripe.LANE), Stripe.charges(2, 3, 1)));
                assertThat(later.passes().isWhole(Resync.LANE)).isTrue();
            }
        }
    }
}

package io.sequin.postgres.load.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.OnPostgres;
import io.sequin.data.LaneId;
import io.sequin.data.TablePhase;
import io.sequin.postgres.load.Batch;
import io.sequin.postgres.load.DestinationSession;
import io.sequin.postgres.load.LaneState;
import io.sequin.postgres.load.Place;
import io.sequin.postgres.load.Stripe;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** From when on a table was listed is recorded with it, so that what lies before is listed once it is wanted. */
class FloorIT {
    private static final Set<LaneId> FILLS = Set.of(Stripe.LANE);
    private static final Optional<Instant> EARLIER = Optional.of(Instant.parse("2020-01-01T00:00:00Z"));
    private static final Optional<Instant> LATER = Optional.of(Instant.parse("2024-01-01T00:00:00Z"));

    /** Of a table that was listed from the later day on, with two rows. */
    private static DestinationSession listedFromLater(Place place) {
        DestinationSession session = place.taken("s");
        session.ensure(Stripe.charge(), FILLS, LATER);
        session.begin(Map.of(Stripe.LANE, Stripe.START));
        session.commit(new Batch(
                Stripe.LANE,
                0,
                Stripe.checkpoint(1),
                List.copyOf(Stripe.charges(0, 2, 1)),
                Map.of("charge", TablePhase.LIVE),
                Map.of()));
        return session;
    }

    private static LaneState lane(DestinationSession session) {
        return Objects.requireNonNull(
                session.begin(Map.of(Stripe.LANE, Stripe.START)).get(Stripe.LANE));
    }

    @OnPostgres({10, 18})
    void anEarlierDayHasTheTableListedFromTheStartWithItsRowsInPlace(int major) {
        try (Place place = Place.on(major);
                DestinationSession session = listedFromLater(place)) {
            assertThat(session.ensure(Stripe.charge(), FILLS, EARLIER).phase()).isEqualTo(TablePhase.FIRST_PASS);
            assertThat(lane(session)).isEqualTo(new LaneState(0, Stripe.START));
            assertThat(session.commit(Stripe.batch(0, Stripe.charges(0, 3, 1))).changed())
                    .as("rows that are there already are not written")
                    .isEqualTo(1);
        }
    }

    @OnPostgres(18)
    void noDayAtAllIsEarlierThanAnyDay(int major) {
        try (Place place = Place.on(major);
                DestinationSession session = listedFromLater(place)) {
            assertThat(session.ensure(Stripe.charge(), FILLS).phase()).isEqualTo(TablePhase.FIRST_PASS);
            assertThat(session.ensure(Stripe.charge(), FILLS, EARLIER).phase())
                    .as("what is listed under way from all there is")
                    .isEqualTo(TablePhase.FIRST_PASS);
        }
    }

    @OnPostgres(18)
    void aLaterDayChangesNothingOfATableThatIsListedAndNeitherDoesGoingBack(int major) {
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
            assertThat(session.ensure(Stripe.charge(), FILLS, LATER).phase()).isEqualTo(TablePhase.LIVE);
            assertThat(session.ensure(Stripe.charge(), FILLS).phase()).isEqualTo(TablePhase.LIVE);
        }
    }

    @OnPostgres(18)
    void aListThatWentOnFromALaterDayHasToBeginAgainForTheEarlierOne(int major) {
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.begun(place, "s", Stripe.charge())) {
            session.commit(Stripe.batch(0, Stripe.charges(0, 2, 1)));
            session.ensure(Stripe.charge(), FILLS, LATER);
            assertThat(lane(session).seq()).as("it goes on").isEqualTo(1);
            session.ensure(Stripe.charge(), FILLS, EARLIER);
            assertThat(lane(session)).isEqualTo(new LaneState(0, Stripe.START));
        }
    }
}

package io.sequin.postgres.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.data.Change;
import io.sequin.data.TablePhase;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows, on each way into a table. */
class WritePathIT {
    /** A table in its first pass takes rows directly, one that is live by merge. */
    private static DestinationSession live(Place place) {
        DestinationSession session = place.taken("s");
        session.ensure(Stripe.charge(), Set.of(Stripe.LANE));
        session.begin(Map.of(Stripe.LANE, Stripe.START));
        session.commit(new Batch(
                Stripe.LANE, 0, Stripe.checkpoint(1), List.of(), Map.of("charge", TablePhase.LIVE), Map.of()));
        return session;
    }

    private static List<Change.Upsert> charges(int from, int to, long amount) {
        return IntStream.range(from, to)
                .mapToObj(i -> Stripe.charge("ch_" + i, amount))
                .toList();
    }

    private static long rows(Committed committed) {
        return Objects.requireNonNull(committed.tables().get("charge")).rows();
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 15, 18})
    void insertsUpdatesDeletesAndCountsThemExactly(int major) {
        try (Place place = Place.on(major);
                DestinationSession session = live(place)) {
            Committed first = session.commit(Stripe.batch(1, charges(0, 3, 5)));
            assertThat(first.changed()).isEqualTo(3);
            assertThat(first.lane().seq()).isEqualTo(2);
            assertThat(rows(first)).isEqualTo(3);

            Committed second = session.commit(Stripe.batch(
                    2,
                    List.of(
                            Stripe.charge("ch_0", 5),
                            Stripe.charge("ch_1", 7),
                            Stripe.charge("ch_3", 5),
                            Stripe.delete("ch_2"))));
            assertThat(second.changed()).isEqualTo(3);
            assertThat(rows(second)).isEqualTo(3);
            assertThat(
                            place.rows(
                                    "select id, amount, extract(epoch from created)::bigint, customer_id, metadata, paid, _sync_extra from s.charge order by id"))
                    .containsExactly(
                            "ch_0|5|1700000000|cus_1|{\"a\": 1}|t|null",
                            "ch_1|7|1700000000|cus_1|{\"a\": 1}|t|null",
                            "ch_3|5|1700000000|cus_1|{\"a\": 1}|t|null");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 15, 18})
    void largeBatchesGoThroughStagingAndCountTheSame(int major) {
        try (Place place = Place.on(major);
                DestinationSession session = live(place)) {
            session.commit(Stripe.batch(1, charges(0, 1_500, 5)));
            Committed second = session.commit(Stripe.batch(2, charges(500, 2_500, 6)));
            assertThat(second.changed()).isEqualTo(2_000);
            assertThat(rows(second)).isEqualTo(2_500);
            assertThat(place.value("select count(*) || ' ' || sum(amount) from s.charge"))
                    .isEqualTo("2500 " + (500 * 5 + 2_000 * 6));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 15, 18})
    void aFreshTableTakesRowsDirectly(int major) {
        try (Place place = Place.on(major);
                DestinationSession session = place.taken("s")) {
            session.ensure(Stripe.charge(), Set.of(Stripe.LANE));
            session.begin(Map.of(Stripe.LANE, Stripe.START));
            assertThat(session.commit(Stripe.batch(0, charges(0, 2_000, 5))).changed())
                    .isEqualTo(2_000);
            Committed repeated = session.commit(Stripe.batch(1, charges(1_000, 3_000, 5)));
            assertThat(repeated.changed()).isEqualTo(1_000);
            assertThat(rows(repeated)).isEqualTo(3_000);
        }
    }
}

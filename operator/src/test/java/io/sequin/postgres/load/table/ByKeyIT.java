package io.sequin.postgres.load.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sequin.OnPostgres;
import io.sequin.data.Change;
import io.sequin.postgres.load.DestinationSession;
import io.sequin.postgres.load.Place;
import io.sequin.postgres.load.Stripe;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/** A batch costs what its rows cost, not what the table's do. */
class ByKeyIT {
    private static final String READ =
            "select coalesce(seq_tup_read, 0) from pg_stat_all_tables where relid = 's.charge'::regclass";
    /** The fence too: read whole, its table of one row costs the planner's price for a plan that is not wanted. */
    private static final String WRITER_READ_WHOLE =
            "select seq_scan from pg_stat_all_tables where relid = 's._sync_writer'::regclass";

    private static final String WRITTEN =
            "select n_tup_ins || ' ' || n_tup_upd || ' ' || n_tup_del from pg_stat_all_tables where relid = 's.charge'::regclass";

    @OnPostgres({10, 15, 18})
    void rowsAreFoundByTheirKeyHoweverManyABatchHas(int major) {
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
            session.commit(Stripe.batch(1, Stripe.charges(0, 20_000, 1)));
            awaitWritten(place, session, "20000 0 0");
            String before = place.value(READ);
            String writer = place.value(WRITER_READ_WHOLE);
            session.commit(Stripe.batch(2, Stripe.charges(0, 5_000, 2)));
            session.commit(Stripe.batch(3, Stripe.charges(5_000, 5_900, 2)));
            session.commit(Stripe.batch(4, deletes(19_000, 20_000)));
            awaitWritten(place, session, "20000 5900 1000");
            assertThat(place.value(READ)).isEqualTo(before);
            assertThat(place.value(WRITER_READ_WHOLE)).isEqualTo(writer);
        }
    }

    /** A session tells what it did at the end of a later transaction. */
    private static void awaitWritten(Place place, DestinationSession session, String expected) {
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            session.lane(Stripe.LANE);
            assertThat(place.value(WRITTEN)).isEqualTo(expected);
        });
    }

    private static List<Change> deletes(int from, int to) {
        return IntStream.range(from, to)
                .<Change>mapToObj(i -> Stripe.delete("ch_" + i))
                .toList();
    }
}

package io.sequin.postgres.load.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.sequin.OnPostgres;
import io.sequin.Seeds;
import io.sequin.data.Change;
import io.sequin.data.HostPort;
import io.sequin.postgres.PostgresException;
import io.sequin.postgres.load.DestinationSession;
import io.sequin.postgres.load.Place;
import io.sequin.postgres.load.Stripe;
import io.sequin.postgres.schema.Effect;
import io.sequin.postgres.schema.WriteTimeouts;
import io.sequin.testkit.proxy.TransactionProxy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** The network is cut after some bytes of a COPY: nothing of it stays, and the same batch is written whole afterwards. */
class CopyCutIT {
    private static final int ROWS = 3_000;
    private static final int CUTS = 3;
    /** Less than the data of all rows. */
    private static final int BYTES = 100_000;

    private final Random random = Seeds.random(CopyCutIT.class);

    @OnPostgres({10, 14, 15, 18})
    void intoAFreshTable(int major) {
        try (Place place = Place.durable(major);
                TransactionProxy wire = wire(place);
                DestinationSession session = through(wire, place)) {
            session.begin(Map.of(Stripe.LANE, Stripe.START));

            writeWithCuts(place, wire, session, 0, Stripe.charges(0, ROWS, 1), "0 null 0");

            assertThat(content(place)).isEqualTo(ROWS + " " + ROWS + " " + ROWS);
        }
    }

    @OnPostgres({10, 14, 15, 18})
    void intoATemporaryTable(int major) {
        try (Place place = Place.durable(major);
                TransactionProxy wire = wire(place)) {
            try (DestinationSession before = Stripe.live(place, "s", Stripe.charge())) {
                before.commit(Stripe.batch(1, Stripe.charges(0, ROWS, 1)));
            }
            try (DestinationSession session = through(wire, place)) {
                writeWithCuts(place, wire, session, 2, Stripe.charges(0, ROWS, 2), ROWS + " " + ROWS + " " + ROWS);

                assertThat(content(place)).isEqualTo(ROWS + " " + 2 * ROWS + " " + ROWS);
            }
        }
    }

    private void writeWithCuts(
            Place place,
            TransactionProxy wire,
            DestinationSession session,
            long seq,
            List<? extends Change> changes,
            String before) {
        for (int cut = 0; cut < CUTS; cut++) {
            wire.cutInCopy(Effect.COMMIT_BATCH.words(), random.nextInt(BYTES));
            assertThatThrownBy(() -> session.commit(Stripe.batch(seq, changes))).isInstanceOf(PostgresException.class);
            assertThat(wire.isToBeCut(Effect.COMMIT_BATCH.words())).isFalse();
            assertThat(content(place)).isEqualTo(before);
        }
        assertThat(session.commit(Stripe.batch(seq, changes)).lane().seq()).isEqualTo(seq + 1);
        await("nothing is left open")
                .atMost(Duration.ofSeconds(60))
                .untilAsserted(
                        () -> assertThat(place.value("select (select count(*) from pg_stat_activity where datname"
                                        + " = current_database() and application_name like 'sequin%' and state <> 'idle')"
                                        + " || ' ' || (select count(*) from pg_class where relpersistence = 't')"))
                                .isEqualTo("0 0"));
    }

    private static String content(Place place) {
        return place.value("select concat_ws(' ', count(*), coalesce(sum(amount)::text, 'null'),"
                + " (select \"rows\" from s._sync_table)) from s.charge");
    }

    private static TransactionProxy wire(Place place) {
        return TransactionProxy.to(place.server().host(), place.server().port());
    }

    private static DestinationSession through(TransactionProxy wire, Place place) {
        DestinationSession session =
                place.session("s", WriteTimeouts.standard(), new HostPort(wire.host(), wire.port()));
        session.take(Place.OWNER, Place.ACCOUNT);
        session.ensure(Stripe.charge(), Set.of(Stripe.LANE));
        return session;
    }
}

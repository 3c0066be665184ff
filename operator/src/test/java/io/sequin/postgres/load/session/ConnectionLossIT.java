package io.sequin.postgres.load.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.sequin.OnPostgres;
import io.sequin.postgres.DatabaseInterruptedException;
import io.sequin.postgres.PostgresException;
import io.sequin.postgres.PostgresProblem;
import io.sequin.postgres.load.DestinationSession;
import io.sequin.postgres.load.Place;
import io.sequin.postgres.load.Stripe;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A batch that is cut in the middle leaves nothing, and the session goes on. */
class ConnectionLossIT {
    private static final String WAITING =
            "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";

    private static void lock(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("lock table s.charge in access exclusive mode");
        }
    }

    private static void awaitWaiting(Place place) {
        await().atMost(Duration.ofSeconds(30)).until(() -> place.value(WAITING).equals("1"));
    }

    @OnPostgres(18)
    void aConnectionThatIsCutIsReportedAndReplaced(int major) throws Exception {
        for (int rows : List.of(1, 2_000)) {
            try (Place place = Place.on(major);
                    DestinationSession session = Stripe.live(place, "s", Stripe.charge());
                    Connection blocker = place.connect()) {
                lock(blocker);
                CompletableFuture<Throwable> commit = CompletableFuture.supplyAsync(
                        () -> catchThrowable(() -> session.commit(Stripe.batch(1, Stripe.charges(0, rows, 1)))),
                        Thread::startVirtualThread);
                awaitWaiting(place);
                place.value("select pg_terminate_backend(pid) from pg_stat_activity"
                        + " where datname = current_database() and wait_event_type = 'Lock'");
                assertThat(commit.get(30, TimeUnit.SECONDS))
                        .isInstanceOfSatisfying(
                                PostgresException.class,
                                e -> assertThat(e.problem().code()).isEqualTo(PostgresProblem.CONNECTION_LOST));
                blocker.rollback();
                assertThat(session.lane(Stripe.LANE).seq()).isEqualTo(1);
                assertThat(session.commit(Stripe.batch(1, Stripe.charges(0, rows, 1)))
                                .changed())
                        .isEqualTo(rows);
            }
        }
    }

    @OnPostgres(18)
    void anInterruptEndsTheBatchAtOnceAndNothingOfItStays(int major) throws Exception {
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.live(place, "s", Stripe.charge());
                Connection blocker = place.connect()) {
            lock(blocker);
            CompletableFuture<Throwable> ended = new CompletableFuture<>();
            Thread lane = Thread.startVirtualThread(() ->
                    ended.complete(catchThrowable(() -> session.commit(Stripe.batch(1, Stripe.charges(0, 2_000, 1))))));
            awaitWaiting(place);
            lane.interrupt();
            assertThat(ended.get(30, TimeUnit.SECONDS)).isInstanceOf(DatabaseInterruptedException.class);
            blocker.rollback();
            assertThat(session.commit(Stripe.batch(1, Stripe.charges(0, 1, 1))).changed())
                    .isEqualTo(1);
        }
    }
}

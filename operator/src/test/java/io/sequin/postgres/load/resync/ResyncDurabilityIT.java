package io.sequin.postgres.load.resync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sequin.OnPostgres;
import io.sequin.data.DeleteGuard;
import io.sequin.postgres.PostgresException;
import io.sequin.postgres.load.DestinationSession;
import io.sequin.postgres.load.LaneState;
import io.sequin.postgres.load.Passes;
import io.sequin.postgres.load.Passes.Swept;
import io.sequin.postgres.load.Place;
import io.sequin.postgres.load.Stripe;
import io.sequin.testkit.postgres.PostgresOptions;
import io.sequin.testkit.postgres.PostgresServer;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** Full passes on servers of their own with fsync on: what they write to the log, and what a crash leaves. */
class ResyncDurabilityIT {
    private static final int ROWS = 100_000;
    private static final int PAGE = 10_000;

    /** Everything that a write to a row, or a lock on it, would change. */
    private static final String VERSIONS =
            "select md5(string_agg(xmin || ' ' || xmax || ' ' || ctid, ',' order by id)) || pg_relation_size('s.charge')"
                    + " from s.charge";

    @OnPostgres({10, 14, 15, 18})
    void unchangedRowsAreNotWrittenAndACrashInTheMiddleDeletesNone(int major) {
        PostgresOptions options = PostgresOptions.standard().withDurability().withSetting("autovacuum", "off");
        try (PostgresServer server = PostgresServer.start(major, options)) {
            unchangedRowsAreNotWritten(server);
            aCrashDeletesNoRow(server);
        }
    }

    private static void unchangedRowsAreNotWritten(PostgresServer server) {
        try (Place place = Place.on(server)) {
            String before;
            String versions;
            try (DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
                session.commit(Stripe.batch(1, Stripe.charges(0, ROWS, 1)));
                place.run("vacuum s.charge");
                place.run("checkpoint");
                versions = place.value(VERSIONS);
                before = place.value("select pg_current_wal_insert_lsn()");
                Resync pass = new Resync(session, "charge");
                for (int from = 0; from < ROWS; from += PAGE) {
                    assertThat(pass.page(Stripe.charges(from, from + PAGE, 1)).changed())
                            .isZero();
                }
                assertThat(pass.complete().sweep(DeleteGuard.USUAL)).isEqualTo(new Swept.Done());
                session.passes().finish(Resync.LANE, Set.of("charge"));
            }
            String written = "select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '" + before + "')";
            assertThat(Long.parseLong(place.value(written))).isLessThan(1_000_000);
            assertThat(place.value(VERSIONS)).isEqualTo(versions);
            assertThat(place.value("select n_dead_tup from pg_stat_user_tables where relname = 'charge'"))
                    .isEqualTo("0");
        }
    }

    private static void aCrashDeletesNoRow(PostgresServer server) {
        try (Place place = Place.on(server);
                DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
            session.commit(Stripe.batch(1, Stripe.charges(0, 1_000, 1)));
            Resync pass = new Resync(session, "charge");
            LaneState survives = pass.page(Stripe.charges(0, 800, 1)).lane();
            server.stopImmediately();
            server.start();
            assertThat(afterRestart(session))
                    .as("the pass's place outlives the crash")
                    .isEqualTo(survives);
            assertThat(place.value("select count(*) from s._sync_seen"))
                    .as("the keys it had met do not")
                    .isEqualTo("0");
            // who goes on from there meets the rest only
            pass.page(Stripe.charges(800, 900, 1));
            assertThat(session.passes().resume(Resync.LANE, Passes.Listing.of(Set.of("charge"))))
                    .isNotInstanceOf(Passes.Resumed.Going.class);
            assertThat(pass.complete().sweep(DeleteGuard.USUAL)).isEqualTo(new Swept.Lost());
            assertThat(place.value("select count(*) from s.charge")).isEqualTo("1000");
            Resync again = new Resync(session, "charge");
            again.page(Stripe.charges(0, 900, 1));
            assertThat(again.complete().sweep(new DeleteGuard(50, Optional.empty())))
                    .isEqualTo(new Swept.Done());
            assertThat(place.value("select count(*) from s.charge")).isEqualTo("900");
        }
    }

    /** The crash cut the connections that are kept open. */
    private static LaneState afterRestart(DestinationSession session) {
        return await().atMost(Duration.ofSeconds(60))
                .ignoreExceptionsInstanceOf(PostgresException.class)
                .until(() -> session.lane(Resync.LANE), lane -> true);
    }
}

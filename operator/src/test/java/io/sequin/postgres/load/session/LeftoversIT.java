package io.sequin.postgres.load.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.sequin.OnPostgres;
import io.sequin.data.Change;
import io.sequin.data.HostPort;
import io.sequin.data.LaneId;
import io.sequin.postgres.PostgresException;
import io.sequin.postgres.PostgresProblem;
import io.sequin.postgres.load.Batch;
import io.sequin.postgres.load.Committed;
import io.sequin.postgres.load.DestinationSession;
import io.sequin.postgres.load.Place;
import io.sequin.postgres.load.Stripe;
import io.sequin.postgres.schema.WriteTimeouts;
import io.sequin.testkit.proxy.FaultProxy;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A writer that fell silent with a transaction open is ended by the next one, and nobody else is. */
class LeftoversIT {
    private static final WriteTimeouts SHORT =
            new WriteTimeouts(Duration.ofSeconds(2), Duration.ofSeconds(20), Duration.ofSeconds(60));

    private static final String IN_COPY = "select count(*) from pg_stat_activity where datname = current_database()"
            + " and query ilike 'copy \"s\".\"charge\"%' and state = 'active'";

    private static final String LIVING = "select count(*) from pg_stat_activity where datname = current_database()"
            + " and application_name = 'sequin s: commit batch' and wait_event = 'PgSleep'";

    /** The buffers between hold them all: the client waits for an answer. */
    private static final List<Change.Upsert> FEW = Stripe.charges(0, 60_000, 1);

    private static DestinationSession through(FaultProxy proxy, Place place) {
        return place.session("s", SHORT, new HostPort(proxy.host(), proxy.port()));
    }

    /**
     * A batch that is in the middle of its COPY when its connection falls silent.
     *
     * @return what the batch came to, once its session is closed or its connection ended; null: it was committed
     */
    private static Future<@Nullable Throwable> fallSilentInCopy(
            DestinationSession session, FaultProxy proxy, Place place, List<Change.Upsert> rows) {
        session.take(Place.OWNER, Place.ACCOUNT);
        session.ensure(Stripe.charge(), Set.of(Stripe.LANE));
        proxy.delay(Duration.ofMillis(100));
        FutureTask<@Nullable Throwable> batch =
                new FutureTask<>(() -> catchThrowable(() -> session.commit(Stripe.batch(0, rows))));
        Thread.startVirtualThread(batch);
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(10))
                .until(() -> place.value(IN_COPY).equals("1"));
        proxy.silenceOpen();
        proxy.heal();
        return batch;
    }

    @OnPostgres({10, 14, 15, 18})
    void theNextWriterEndsATransactionThatHangsInCopyAndWritesAtOnce(int major) throws Exception {
        try (Place place = Place.durable(major);
                FaultProxy proxy =
                        FaultProxy.to(place.server().host(), place.server().port());
                DestinationSession silent = through(proxy, place);
                DestinationSession next = place.session("s", SHORT)) {
            Stripe.begun(place, "s", Stripe.charge()).close();
            Future<@Nullable Throwable> batch = fallSilentInCopy(silent, proxy, place, FEW);
            await("it has had its time").atMost(Duration.ofSeconds(30)).until(() -> olderThanTheLock(place, IN_COPY));
            next.take(Place.OWNER, Place.ACCOUNT);
            next.ensure(Stripe.charge(), Set.of(Stripe.LANE));
            assertThat(next.commit(Stripe.batch(0, Stripe.charges(0, 60_000, 2)))
                            .changed())
                    .isEqualTo(60_000);
            assertThat(place.value("select count(*) || ' ' || sum(amount) from s.charge"))
                    .isEqualTo("60000 120000");
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> place.value(IN_COPY).equals("0"));
            proxy.cutAll();
            assertThat(batch.get(60, TimeUnit.SECONDS)).as("its batch").isInstanceOf(PostgresException.class);
        }
    }

    @OnPostgres({10, 18})
    void whatALostConnectionLeavesInItsCopyIsEndedThoughNobodyWaitsForItAndALivingBatchIsNot(int major)
            throws Exception {
        LaneId lane = new LaneId("backfill:refund");
        try (Place place = Place.durable(major);
                FaultProxy proxy =
                        FaultProxy.to(place.server().host(), place.server().port());
                DestinationSession session = through(proxy, place)) {
            Stripe.begun(place, "s", Stripe.charge()).close();
            Future<@Nullable Throwable> silent = fallSilentInCopy(session, proxy, place, FEW);
            await("the pool tries before use what was not used for half a second")
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> olderThanTheLock(place, IN_COPY));
            session.ensure(Stripe.charge("refund"), Set.of(lane));
            session.begin(Map.of(lane, Stripe.START));
            place.run("create table public.go (); grant select on public.go to public;"
                    + " create function public.waits() returns trigger language plpgsql as $$ begin"
                    + " while not exists (select from public.go) loop perform pg_catalog.pg_sleep(0.05); end loop;"
                    + " return null; end $$; create trigger waits after insert on s.refund"
                    + " for each row execute procedure public.waits()");
            FutureTask<Committed> living = new FutureTask<>(() -> session.commit(new Batch(
                    lane,
                    0,
                    Stripe.checkpoint(1),
                    List.of(Stripe.upsert("refund", "re_1", "{\"id\":\"re_1\"}")),
                    Map.of(),
                    Map.of())));
            Thread.startVirtualThread(living);
            await("it is as old").atMost(Duration.ofSeconds(30)).until(() -> olderThanTheLock(place, LIVING));

            silent.cancel(true);
            await("the one that was lost has ended")
                    .atMost(Duration.ofSeconds(15))
                    .until(() -> {
                        session.endLeftovers();
                        return place.value(IN_COPY).equals("0");
                    });
            assertThat(place.value(LIVING)).isEqualTo("1");
            place.run("insert into public.go default values");
            assertThat(living.get(60, TimeUnit.SECONDS).changed()).isEqualTo(1);
        }
    }

    /** What a connection still writes when it falls silent has no answer that could be late. */
    @OnPostgres(18)
    void aCopyThatIsStuckInTheMiddleOfAWriteIsGivenUpAndEnded(int major) throws Exception {
        String wide = "{\"id\":\"ch_%d\",\"metadata\":{\"a\":\"" + "x".repeat(4_000) + "\"}}";
        List<Change.Upsert> moreThanTheBuffersHold = IntStream.range(0, 10_000)
                .mapToObj(i -> Stripe.upsert("charge", "ch_" + i, wide.formatted(i)))
                .toList();
        try (Place place = Place.impatient(major, Duration.ofSeconds(3));
                FaultProxy proxy =
                        FaultProxy.to(place.server().host(), place.server().port());
                DestinationSession session = through(proxy, place)) {
            Stripe.begun(place, "s", Stripe.charge()).close();
            Future<@Nullable Throwable> batch = fallSilentInCopy(session, proxy, place, moreThanTheBuffersHold);
            assertThat(batch.get(60, TimeUnit.SECONDS))
                    .isInstanceOfSatisfying(
                            PostgresException.class,
                            e -> assertThat(e.problem().code()).isEqualTo(PostgresProblem.CONNECTION_TIMEOUT));
            await("what it left open has ended").atMost(Duration.ofSeconds(15)).until(() -> {
                session.endLeftovers();
                return place.value(IN_COPY).equals("0");
            });
            assertThat(session.commit(Stripe.batch(0, moreThanTheBuffersHold)).changed())
                    .isEqualTo(10_000);
        }
    }

    private static boolean olderThanTheLock(Place place, String those) {
        return place.value(those + " and xact_start < now() - interval '2 seconds'")
                .equals("1");
    }

    /** The writer itself comes back by another connection, and finds its own locks. */
    @OnPostgres(18)
    void aWriterEndsWhatItsOwnSilentConnectionHolds(int major) throws Exception {
        try (Place place = Place.durable(major);
                DestinationSession session = place.session("s", SHORT);
                Connection silent = place.connect()) {
            Stripe.begun(place, "s", Stripe.charge()).close();
            session.take(Place.OWNER, Place.ACCOUNT);
            session.ensure(Stripe.charge(), Set.of(Stripe.LANE));
            silent.setAutoCommit(false);
            try (Statement statement = silent.createStatement()) {
                statement.execute("set application_name = 'sequin s: commit batch'");
                silent.commit();
                statement.execute("insert into s.charge (id, _sync_updated_at) values ('ch_0', now())");
            }
            assertThat(session.commit(Stripe.batch(0, Stripe.charges(0, 2, 1))).changed())
                    .isEqualTo(2);
            assertThat(catchThrowable(silent::commit)).as("was ended").isNotNull();
        }
    }

    @OnPostgres(18)
    void aTakeEndsWhoHoldsTheFencesRowAndSaysNothing(int major) throws Exception {
        try (Place place = Place.durable(major);
                Connection silent = place.connect();
                DestinationSession next = place.session("s", SHORT)) {
            Stripe.live(place, "s", Stripe.charge()).close();
            silent.setAutoCommit(false);
            try (Statement statement = silent.createStatement()) {
                statement.execute("set application_name = 'sequin s: commit batch'");
                silent.commit();
                statement.execute("select 1 from s._sync_writer for share");
            }
            long start = System.nanoTime();
            next.take(Place.OWNER, Place.ACCOUNT);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
            assertThat(catchThrowable(silent::commit)).as("was ended").isNotNull();
        }
    }

    /** The server shows something else for what is not ASCII in a session's name, each version something of its own. */
    @ParameterizedTest
    @CsvSource({"10, sequin grün: commit batch", "18, sequin grün: commit batch", "18, sequin: commit batch"})
    void soDoesATakeOfASchemaWhoseNameIsNotAscii(int major, String earlierOrPresentName) throws Exception {
        try (Place place = Place.durable(major);
                Connection silent = place.connect();
                DestinationSession next = place.session("grün", SHORT)) {
            Stripe.live(place, "grün", Stripe.charge()).close();
            silent.setAutoCommit(false);
            try (Statement statement = silent.createStatement()) {
                statement.execute("set application_name = '" + earlierOrPresentName + "'");
                silent.commit();
                statement.execute("select 1 from \"grün\"._sync_writer for share");
            }
            next.take(Place.OWNER, Place.ACCOUNT);
            assertThat(catchThrowable(silent::commit)).as("was ended").isNotNull();
        }
    }

    @OnPostgres(18)
    void aPersonsTransactionIsWaitedForAndNeverEnded(int major) throws Exception {
        try (Place place = Place.durable(major);
                Connection person = place.connect();
                DestinationSession next = place.session("s", SHORT)) {
            Stripe.live(place, "s", Stripe.charge()).close();
            person.setAutoCommit(false);
            try (Statement statement = person.createStatement()) {
                statement.execute("lock table s.charge in share mode");
                next.take(Place.OWNER, Place.ACCOUNT);
                next.ensure(Stripe.charge(), Set.of(Stripe.LANE));
                Throwable locked = catchThrowable(() -> next.commit(Stripe.batch(1, Stripe.charges(0, 2, 1))));
                assertThat(locked)
                        .isInstanceOfSatisfying(
                                PostgresException.class,
                                e -> assertThat(e.problem().code()).isEqualTo(PostgresProblem.LOCK_TIMEOUT));
                statement.execute("select 1");
                person.commit();
            }
            assertThat(next.commit(Stripe.batch(1, Stripe.charges(0, 2, 1))).changed())
                    .isEqualTo(2);
        }
    }
}

package io.sequin.postgres.load.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static org.awaitility.Awaitility.await;

import io.sequin.OnPostgres;
import io.sequin.data.AccountId;
import io.sequin.data.LaneId;
import io.sequin.data.Owner;
import io.sequin.data.ResyncRequest;
import io.sequin.data.StorageMemory;
import io.sequin.postgres.PostgresException;
import io.sequin.postgres.PostgresProblem;
import io.sequin.postgres.load.Claim;
import io.sequin.postgres.load.Committed;
import io.sequin.postgres.load.DestinationSession;
import io.sequin.postgres.load.FencedOut;
import io.sequin.postgres.load.LaneState;
import io.sequin.postgres.load.Place;
import io.sequin.postgres.load.Stripe;
import io.sequin.postgres.schema.Consent;
import io.sequin.postgres.schema.WriteTimeouts;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/** Who takes a schema waits for what others have under way in it; afterwards they change nothing. */
class WritersInTurnIT {
    private static final int PATIENCE = 60;
    /** However slow the machine is, who waits is not given up before somebody has seen it wait. */
    private static final WriteTimeouts PATIENT =
            new WriteTimeouts(Duration.ofSeconds(45), Duration.ofSeconds(50), Duration.ofSeconds(60));

    /** On a thread of its own. */
    private static <T> FutureTask<T> start(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        Thread.startVirtualThread(task);
        return task;
    }

    private static <T> T result(FutureTask<T> task) throws Exception {
        return task.get(PATIENCE, TimeUnit.SECONDS);
    }

    /** Until so many wait for a lock, this one too. */
    private static void awaitWaiting(Place place, FutureTask<?> task, int waiting) {
        String count = "select count(*) from pg_stat_activity where datname = current_database()"
                + " and wait_event_type = 'Lock'";
        await().atMost(Duration.ofSeconds(PATIENCE))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> task.isDone() || place.value(count).equals("" + waiting));
        assertThat(task).as("waits").isNotDone();
    }

    /** Takes a lock, until the holder rolls back. */
    private static void lock(Connection holder, String sql) throws SQLException {
        holder.setAutoCommit(false);
        try (Statement statement = holder.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Until the holder rolls back, transactions that insert into the table wait at their end, behind the fence. */
    private static void hold(Place place, Connection holder, String table) throws SQLException {
        place.run("create function public.late() returns trigger language plpgsql set lock_timeout = 0 as"
                + " 'begin perform pg_catalog.pg_advisory_xact_lock(1); return null; end'");
        place.run("create constraint trigger late after insert on s." + table
                + " deferrable initially deferred for each row execute procedure public.late()");
        lock(holder, "select pg_advisory_xact_lock(1)");
    }

    @OnPostgres({10, 15, 18})
    void whoTakesASchemaWaitsForACommitThatHasPassedTheFence(int major) throws Exception {
        try (Place place = Place.durable(major);
                DestinationSession first = Stripe.live(place, "s", Stripe.charge());
                DestinationSession second = place.session("s", PATIENT);
                Connection holder = place.connect()) {
            hold(place, holder, "charge");
            FutureTask<Committed> commit = start(() -> first.commit(Stripe.batch(1, Stripe.charges(0, 1, 5))));
            awaitWaiting(place, commit, 1);
            FutureTask<Claim> take = start(() -> second.take(Place.OWNER, Place.ACCOUNT));
            awaitWaiting(place, take, 2);
            holder.rollback();
            LaneState committed = result(commit).lane();
            assertThat(result(take).lanes()).containsEntry(Stripe.LANE, committed);
        }
    }

    @OnPostgres({10, 15, 18})
    void ofTwoSyncsThatTakeAReleasedSchemaAtOnceOneGetsIt(int major) throws Exception {
        Owner one = Place.owner("cluster-a", "team", "one", "uid-2");
        Owner other = Place.owner("cluster-a", "team", "other", "uid-3");
        try (Place place = Place.durable(major);
                DestinationSession first = place.session("s", PATIENT);
                DestinationSession second = place.session("s", PATIENT);
                Connection holder = place.connect()) {
            try (DestinationSession before = place.taken("s")) {
                before.release(Place.OWNER);
            }
            // what a take reads last
            lock(holder, "lock table s._sync_table in access exclusive mode");
            FutureTask<Claim> take = start(() -> first.take(one, Place.ACCOUNT));
            awaitWaiting(place, take, 1);
            FutureTask<Claim> late = start(() -> second.take(other, Place.ACCOUNT));
            awaitWaiting(place, late, 2);
            holder.rollback();
            result(take);
            assertThatThrownBy(() -> result(late))
                    .cause()
                    .asInstanceOf(type(PostgresException.class))
                    .satisfies(
                            refused -> assertThat(refused.problem().code()).isEqualTo(PostgresProblem.SCHEMA_CONFLICT));
            assertThat(place.value("select owner->>'name' from s._sync_writer")).isEqualTo("one");
        }
    }

    @OnPostgres(18)
    void aLaneThatIsBegunWhileAnotherAccountTakesTheSchemaIsForgottenToo(int major) throws Exception {
        try (Place place = Place.durable(major);
                DestinationSession first = Stripe.live(place, "s", Stripe.charge());
                DestinationSession second = place.session("s", PATIENT);
                Connection holder = place.connect()) {
            Consent consent = new Consent(
                    new StorageMemory(Optional.of(place.value("select storage_id from s._sync_writer")), Set.of("old")),
                    Optional.of(new ResyncRequest("new", Set.of())));
            hold(place, holder, "_sync_state");
            FutureTask<Map<LaneId, LaneState>> begin =
                    start(() -> first.begin(Map.of(new LaneId("events"), Stripe.START)));
            awaitWaiting(place, begin, 1);
            FutureTask<Claim> take = start(() -> second.take(Place.OWNER, new AccountId("acct_2"), consent));
            awaitWaiting(place, take, 2);
            holder.rollback();
            assertThat(result(begin)).as("begun before the schema is taken").isNotEmpty();
            assertThat(result(take).lanes()).isEmpty();
        }
    }

    @OnPostgres(18)
    void anEarlierWriterRetainsNoTable(int major) {
        try (Place place = Place.durable(major);
                DestinationSession earlier = Stripe.live(place, "s", Stripe.charge())) {
            FencedOut.assertRefused(place, () -> earlier.retainOthers(Set.of()));
        }
    }

    @OnPostgres(18)
    void anEarlierWriterDoesNotRenewTheClaim(int major) {
        try (Place place = Place.durable(major);
                DestinationSession earlier = Stripe.live(place, "s", Stripe.charge())) {
            FencedOut.assertRefused(place, () -> earlier.renew(Map.of()));
        }
    }
}

package io.sequin.postgres.load.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sequin.OnPostgres;
import io.sequin.data.Change;
import io.sequin.data.LaneId;
import io.sequin.data.TablePhase;
import io.sequin.postgres.Identifier;
import io.sequin.postgres.PostgresException;
import io.sequin.postgres.PostgresProblem;
import io.sequin.postgres.load.Batch;
import io.sequin.postgres.load.Claim;
import io.sequin.postgres.load.Committed;
import io.sequin.postgres.load.DestinationSession;
import io.sequin.postgres.load.LaneState;
import io.sequin.postgres.load.Place;
import io.sequin.postgres.load.Stripe;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** Rows, checkpoint and fence commit together; only the last to take a schema commits. */
class FenceIT {
    private static PostgresProblem code(PostgresException e) {
        return (PostgresProblem) e.problem().code();
    }

    private static PostgresException refused(Runnable work) {
        return catchThrowableOfType(PostgresException.class, work::run);
    }

    /** On a thread of its own, as lanes run; the common pool has but one on two cores. */
    private static CompletableFuture<Void> start(Runnable work) {
        return CompletableFuture.runAsync(work, Thread::startVirtualThread);
    }

    @OnPostgres({10, 14, 15, 18})
    void anEarlierWriterIsRefusedOnceAnotherHasTakenTheSchema(int major) {
        try (Place place = Place.durable(major);
                DestinationSession earlier = Stripe.live(place, "s", Stripe.charge());
                DestinationSession later = place.session("s")) {
            earlier.commit(Stripe.batch(1, Stripe.charges(0, 3, 5)));
            Claim claim = later.take(Place.OWNER, Place.ACCOUNT);
            assertThat(claim.lanes()).containsOnlyKeys(Stripe.LANE);

            assertThat(code(refused(() -> earlier.commit(Stripe.batch(2, Stripe.charges(0, 9, 6))))))
                    .isEqualTo(PostgresProblem.FENCED_OUT);
            assertThat(code(refused(() -> earlier.ensure(Stripe.charge("refund"), Set.of()))))
                    .isEqualTo(PostgresProblem.FENCED_OUT);
            assertThat(code(refused(() -> earlier.begin(Map.of(new LaneId("x"), Stripe.START)))))
                    .isEqualTo(PostgresProblem.FENCED_OUT);
            assertThat(code(refused(() -> earlier.release(Place.OWNER)))).isEqualTo(PostgresProblem.FENCED_OUT);

            assertThat(place.value("select count(*) || ' ' || sum(amount) from s.charge"))
                    .isEqualTo("3 15");
            assertThat(place.value("select to_regclass('s.refund')")).isEqualTo("null");
            assertThat(place.value("select count(*) from s._sync_state")).isEqualTo("1");
            later.ensure(Stripe.charge(), Set.of(Stripe.LANE));
            assertThat(later.commit(Stripe.batch(2, Stripe.charges(0, 1, 6))).changed())
                    .isEqualTo(1);
        }
    }

    @OnPostgres(18)
    void aWriterThatTakesTheSchemaAgainMayWriteAgain(int major) {
        try (Place place = Place.durable(major);
                DestinationSession first = Stripe.live(place, "s", Stripe.charge());
                DestinationSession second = place.taken("s")) {
            assertThat(code(refused(() -> first.commit(Stripe.batch(1, List.of())))))
                    .isEqualTo(PostgresProblem.FENCED_OUT);
            first.take(Place.OWNER, Place.ACCOUNT);
            assertThat(first.commit(Stripe.batch(1, List.of())).lane().seq()).isEqualTo(2);
            assertThat(code(refused(() -> second.commit(Stripe.batch(2, List.of())))))
                    .isEqualTo(PostgresProblem.FENCED_OUT);
        }
    }

    @OnPostgres({10, 14, 15, 18})
    void aBatchThatDoesNotFollowTheLastCommitIsRolledBackWhole(int major) {
        try (Place place = Place.durable(major);
                DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
            session.commit(Stripe.batch(1, Stripe.charges(0, 3, 5)));
            for (long seq : new long[] {0, 1, 3}) {
                assertThat(code(refused(() -> session.commit(new Batch(
                                Stripe.LANE,
                                seq,
                                Stripe.checkpoint(99),
                                List.copyOf(Stripe.charges(0, 2_000, 6)),
                                Map.of("charge", TablePhase.FIRST_PASS),
                                Map.of(new LaneId("other"), Stripe.START))))))
                        .isEqualTo(PostgresProblem.FENCED_OUT);
            }
            assertThat(place.value("select count(*) || ' ' || sum(amount) from s.charge"))
                    .isEqualTo("3 15");
            assertThat(place.rows("select lane, seq, checkpoint from s._sync_state"))
                    .containsExactly("backfill:charge|2|{\"at\": 2}");
            assertThat(place.rows("select phase, \"rows\" from s._sync_table")).containsExactly("LIVE|3");
            assertThat(session.lane(Stripe.LANE)).isEqualTo(new LaneState(2, Stripe.checkpoint(2)));
        }
    }

    @OnPostgres(18)
    void oneCommitSetsOtherLanesBackAndTablesPhases(int major) {
        LaneId tail = new LaneId("events");
        try (Place place = Place.durable(major);
                DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
            session.begin(Map.of(tail, Stripe.START));
            Committed committed = session.commit(new Batch(
                    tail,
                    0,
                    Stripe.checkpoint(1),
                    List.of(),
                    Map.of("charge", TablePhase.FIRST_PASS),
                    Map.of(Stripe.LANE, Stripe.checkpoint(7))));
            assertThat(committed.tables().get("charge"))
                    .extracting(t -> t == null ? null : t.phase())
                    .isEqualTo(TablePhase.FIRST_PASS);
            assertThat(session.lane(Stripe.LANE)).isEqualTo(new LaneState(2, Stripe.checkpoint(7)));
            // a batch of that lane that was under way does not fit any more
            assertThat(code(refused(() -> session.commit(Stripe.batch(1, Stripe.charges(0, 1, 1))))))
                    .isEqualTo(PostgresProblem.FENCED_OUT);
        }
    }

    @OnPostgres({10, 14, 15, 18})
    void ofWritersThatRaceOnlyTheLastTakerCommitsAndNothingIsLost(int major) throws Exception {
        int rounds = 20;
        try (Place place = Place.durable(major);
                DestinationSession first = Stripe.live(place, "s", Stripe.charge());
                DestinationSession second = place.session("s")) {
            CyclicBarrier together = new CyclicBarrier(2);
            AtomicInteger committed = new AtomicInteger();
            CompletableFuture<Void> a = start(() -> race(first, "a", rounds, together, committed));
            CompletableFuture<Void> b = start(() -> race(second, "b", rounds, together, committed));
            CompletableFuture.allOf(a, b).get(120, TimeUnit.SECONDS);
            assertThat(committed.get()).isPositive();
            assertThat(place.value("select count(*) from s.charge")).isEqualTo("" + committed.get());
            assertThat(place.value("select seq from s._sync_state")).isEqualTo("" + (1 + committed.get()));
            assertThat(place.value("select \"rows\" from s._sync_table")).isEqualTo("" + committed.get());
        }
    }

    private static void race(
            DestinationSession session, String name, int rounds, CyclicBarrier together, AtomicInteger committed) {
        try {
            for (int round = 0; round < rounds; round++) {
                together.await(60, TimeUnit.SECONDS);
                Claim claim = session.take(Place.OWNER, Place.ACCOUNT);
                LaneState lane = claim.lanes().getOrDefault(Stripe.LANE, new LaneState(0, Stripe.START));
                try {
                    session.ensure(Stripe.charge(), Set.of(Stripe.LANE));
                    session.commit(Stripe.batch(lane.seq(), List.of(Stripe.charge(name + round, round))));
                    committed.incrementAndGet();
                } catch (PostgresException e) {
                    assertThat(code(e)).isEqualTo(PostgresProblem.FENCED_OUT);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (BrokenBarrierException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    @OnPostgres({10, 14, 15, 18})
    void askingForALaneWaitsForACommitWhoseAnswerWasLost(int major) throws Exception {
        try (Place place = Place.durable(major);
                DestinationSession session = Stripe.live(place, "s", Stripe.charge());
                Connection lost = place.connect()) {
            lost.setAutoCommit(false);
            advance(lost);
            CompletableFuture<LaneState> asked =
                    CompletableFuture.supplyAsync(() -> session.lane(Stripe.LANE), Thread::startVirtualThread);
            assertThatThrownBy(() -> asked.get(500, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
            lost.commit();
            assertThat(asked.get(30, TimeUnit.SECONDS).seq()).isEqualTo(2);
        }
    }

    private static void advance(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("update s._sync_state set seq = seq + 1");
        }
    }

    @OnPostgres(18)
    void aLaneThatIsNotRecordedIsMissingStorage(int major) {
        try (Place place = Place.durable(major);
                DestinationSession session = place.taken("s")) {
            assertThat(code(refused(() -> session.lane(new LaneId("x"))))).isEqualTo(PostgresProblem.STORAGE_MISSING);
        }
    }

    @OnPostgres(18)
    void aTableSchemaOrStateThatIsGoneIsMissingStorage(int major) {
        try (Place place = Place.durable(major);
                DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
            place.run("drop table s.charge");
            assertThat(code(refused(() -> session.commit(Stripe.batch(1, Stripe.charges(0, 2, 1))))))
                    .isEqualTo(PostgresProblem.STORAGE_MISSING);
            assertThat(code(refused(() -> session.commit(Stripe.batch(1, Stripe.charges(0, 2_000, 1))))))
                    .isEqualTo(PostgresProblem.STORAGE_MISSING);
            session.ensure(Stripe.charge(), Set.of());
            place.run("drop table s.charge");
            // straight into the fresh one
            assertThat(code(refused(() -> session.commit(Stripe.batch(1, Stripe.charges(0, 2, 1))))))
                    .isEqualTo(PostgresProblem.STORAGE_MISSING);
            place.run("drop schema " + Identifier.quote("s") + " cascade");
            assertThat(code(refused(() -> session.lane(Stripe.LANE)))).isEqualTo(PostgresProblem.STORAGE_MISSING);
            assertThat(code(refused(() -> session.ensure(Stripe.charge(), Set.of()))))
                    .isEqualTo(PostgresProblem.STORAGE_MISSING);
        }
    }

    @OnPostgres(18)
    void parallelLanesOfOneSessionDoNotDisturbEachOther(int major) throws Exception {
        List<String> tables = List.of("charge", "refund", "payout", "dispute");
        try (Place place = Place.durable(major);
                DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
            tables.forEach(table -> session.ensure(Stripe.charge(table), Set.of()));
            tables.forEach(table -> session.begin(Map.of(new LaneId(table), Stripe.START)));
            CompletableFuture.allOf(tables.stream()
                            .map(table -> start(() -> work(session, table)))
                            .toArray(CompletableFuture[]::new))
                    .get(120, TimeUnit.SECONDS);
            assertThat(place.rows(
                            "select lane, seq from s._sync_state where checkpoint <> '{}' and seq > 1 order by 1"))
                    .containsExactly("charge|10", "dispute|10", "payout|10", "refund|10");
            assertThat(place.rows("select name, \"rows\" from s._sync_table order by 1"))
                    .containsExactly("charge|20", "dispute|20", "payout|20", "refund|20");
        }
    }

    /** The same rows again and again; a table's lanes take turns, which the caller sees to. */
    private static void work(DestinationSession session, String table) {
        for (int i = 0; i < 10; i++) {
            List<Change> changes = new ArrayList<>();
            for (int j = 0; j < 20; j++) {
                changes.add(Stripe.upsert(table, "x" + j, "{\"amount\":" + i + "}"));
            }
            session.commit(new Batch(new LaneId(table), i, Stripe.checkpoint(i), changes, Map.of(), Map.of()));
        }
    }
}

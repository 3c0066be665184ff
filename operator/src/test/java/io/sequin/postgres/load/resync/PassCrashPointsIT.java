package io.sequin.postgres.load.resync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sequin.CrashPoints;
import io.sequin.data.Change;
import io.sequin.data.DeleteGuard;
import io.sequin.data.HostPort;
import io.sequin.data.ResyncRequest;
import io.sequin.data.Scope;
import io.sequin.postgres.PostgresException;
import io.sequin.postgres.load.DestinationSession;
import io.sequin.postgres.load.LaneState;
import io.sequin.postgres.load.Passes;
import io.sequin.postgres.load.Place;
import io.sequin.postgres.load.Stripe;
import io.sequin.postgres.schema.Effect;
import io.sequin.postgres.schema.WriteTimeouts;
import io.sequin.testkit.proxy.CutPoint;
import io.sequin.testkit.proxy.TransactionProxy;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A full pass whose every transaction is cut at every point, by a caller that only tries again. */
public class PassCrashPointsIT {
    /** The transactions that only a full pass has. */
    public static final Set<Effect> OF_A_PASS = EnumSet.of(
            Effect.REQUEST,
            Effect.START_PASS,
            Effect.COMPLETE_PASS,
            Effect.ASK_ROWS,
            Effect.SWEEP,
            Effect.FINISH_PASS,
            Effect.FORGET_KEYS);

    private static final Set<String> TABLES = Set.of("charge");

    private static final Map<String, Scope> SCOPES = Map.of("charge", Scope.ALL.by(Scope.Word.ROW));

    static Stream<Arguments> points() {
        return CrashPoints.of(CutPoint.ofEveryTransaction());
    }

    @ParameterizedTest(name = "Postgres {0}, {1}")
    @MethodSource("points")
    void noCutDeletesALiveRowOrKeepsOneThatIsGone(int major, CutPoint at) {
        try (Place place = Place.durable(major);
                TransactionProxy wire = TransactionProxy.to(
                        place.server().host(), place.server().port());
                DestinationSession session =
                        place.session("s", WriteTimeouts.standard(), new HostPort(wire.host(), wire.port()))) {
            fill(place);
            session.take(Place.OWNER, Place.ACCOUNT);
            session.ensure(Stripe.charge(), Set.of(Stripe.LANE));

            OF_A_PASS.forEach(effect -> wire.cut(effect.words(), at));
            Passes passes = session.passes();
            again(() -> passes.request(Optional.of(new ResyncRequest("now", Set.of())), TABLES));
            again(() -> passes.start(Resync.LANE, Passes.Listing.of(TABLES), Stripe.START));
            page(session, Stripe.charges(0, 100, 1), wire, at);
            page(session, Stripe.charges(100, 250, 2), wire, at);
            again(() -> {
                passes.complete(Resync.LANE);
                return true;
            });
            ask(passes);
            wire.cut(Effect.SWEEP.words(), at);
            Passes.Sweep sweep = new Passes.Sweep(Resync.LANE, "charge", SCOPES, DeleteGuard.USUAL);
            while (Resync.goesOn(again(() -> passes.sweep(sweep)))) {
                assertThat(place.value("select count(*) from s.charge where id in ('ch_0', 'ch_249')"))
                        .isEqualTo("2");
            }
            again(() -> passes.finish(Resync.LANE, TABLES));
            wire.cut(Effect.FORGET_KEYS.words(), at);
            again(() -> {
                passes.forget(TABLES);
                return true;
            });

            assertThat(place.value("select count(*) || ' ' || sum(amount) from s.charge"))
                    .isEqualTo("250 400");
            assertThat(place.value("select \"rows\" from s._sync_table")).isEqualTo("250");
            assertThat(place.value("select count(*) from s._sync_seen")).isEqualTo("0");
            assertThat(wire.cut()).hasSize(OF_A_PASS.size() + 1);
        }
    }

    /** 300 rows, of which the source has lost 50 that nobody told us of. */
    private static void fill(Place place) {
        try (DestinationSession before = Stripe.live(place, "s", Stripe.charge())) {
            before.commit(Stripe.batch(1, Stripe.charges(0, 300, 1)));
        }
    }

    /** A page whose commit is cut; it is applied once, whatever the caller knows. */
    private static void page(
            DestinationSession session, List<? extends Change> changes, TransactionProxy wire, CutPoint at) {
        LaneState before = resume(session);
        wire.cut(Effect.COMMIT_BATCH.words(), at);
        again(() -> {
            LaneState now = resume(session);
            return now.seq() == before.seq()
                    ? session.commit(Resync.batch(Resync.LANE, now, changes)).lane()
                    : now;
        });
    }

    /** The source does not have what the listing lacks. */
    private static void ask(Passes passes) {
        Passes.Sweep sweep = new Passes.Sweep(Resync.LANE, "charge", SCOPES, DeleteGuard.USUAL);
        Passes.Swept.Ask ask = (Passes.Swept.Ask) again(() -> passes.sweep(sweep));
        assertThat(ask.keys()).hasSize(50);
        again(() -> {
            passes.asked(Resync.LANE, "charge", ask.keys().getLast());
            return true;
        });
    }

    private static LaneState resume(DestinationSession session) {
        return again(() -> Resync.going(session)).lane();
    }

    private static <T> T again(Callable<T> work) {
        return await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(20))
                .pollDelay(Duration.ZERO)
                .ignoreExceptionsInstanceOf(PostgresException.class)
                .until(work, result -> true);
    }
}

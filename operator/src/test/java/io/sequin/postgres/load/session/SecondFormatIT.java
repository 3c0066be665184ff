package io.sequin.postgres.load.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sequin.CrashPoints;
import io.sequin.Thoroughness;
import io.sequin.data.HostPort;
import io.sequin.data.TablePhase;
import io.sequin.data.WriteRules;
import io.sequin.postgres.PostgresException;
import io.sequin.postgres.load.Claim;
import io.sequin.postgres.load.DestinationSession;
import io.sequin.postgres.load.Place;
import io.sequin.postgres.load.Stripe;
import io.sequin.postgres.schema.Dropped;
import io.sequin.postgres.schema.Effect;
import io.sequin.testkit.proxy.CutPoint;
import io.sequin.testkit.proxy.TransactionProxy;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Versions that wrote format 2 of the state did not all write the same: each had more columns than the one before. */
class SecondFormatIT {
    /** What the first of them did not have, in the order in which it came. */
    private static final List<String> LATER = List.of(
            "s._sync_table drop column \"file\"",
            "s._sync_table drop column \"floor\"",
            "s._sync_table drop column \"purge\"",
            "s._sync_table drop column \"promotion\"",
            "s._sync_error drop column \"parent\"",
            "s._sync_state drop column \"full_pass\"",
            "s._sync_table drop column \"marked\"");

    /** Versions of Postgres, and how many columns are missing: all cases, or the last version that wrote it and the first. */
    static Stream<Arguments> versions() {
        return IntStream.of(10, 14, 15, 18)
                .boxed()
                .flatMap(major -> IntStream.rangeClosed(0, LATER.size())
                        .filter(missing -> Thoroughness.FULL || missing == 1 || missing == LATER.size())
                        .mapToObj(missing -> Arguments.of(major, missing)));
    }

    static Stream<Arguments> points() {
        return CrashPoints.of(CutPoint.ofEveryTransaction());
    }

    /** A schema with rows, as a version left it that had not come to the last so many columns. */
    private static void make(Place place, int missing) {
        try (DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
            session.commit(Stripe.batch(1, Stripe.charges(0, 50, 1)));
        }
        LATER.subList(0, missing).forEach(column -> place.run("alter table " + column));
        place.run("update s._sync_writer set format = 2");
    }

    @ParameterizedTest(name = "Postgres {0}, without the last {1}")
    @MethodSource("versions")
    void itsSchemaIsGoneOnWithAndNothingIsWrittenAnew(int major, int missing) {
        try (Place place = Place.durable(major)) {
            make(place, missing);
            String layout =
                    "select c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull from pg_class c"
                            + " join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped"
                            + " where c.relnamespace = '%s'::regnamespace and c.relname like '\\_sync\\_%%' and c.relkind = 'r'"
                            + " order by 1, 2";
            try (DestinationSession fresh = place.session("fresh");
                    DestinationSession session = place.session("s")) {
                fresh.take(Place.owner("cluster-a", "team", "fresh", "uid-2"), Place.ACCOUNT);
                Claim claim = session.take(Place.OWNER, Place.ACCOUNT);
                assertThat(claim.lanes().get(Stripe.LANE))
                        .isNotNull()
                        .satisfies(lane -> assertThat(lane.seq()).isEqualTo(2));
                assertThat(place.rows(layout.formatted("s"))).isEqualTo(place.rows(layout.formatted("fresh")));
                assertThat(place.value("select format from s._sync_writer")).isEqualTo("3");
                assertThat(Stripe.whole(session, Stripe.charge()).rows()).isEqualTo(50);
                assertThat(session.commit(Stripe.batch(2, Stripe.charges(0, 50, 1)))
                                .changed())
                        .isZero();
                assertThat(place.rows("select phase, rows from s._sync_table"))
                        .containsExactly(TablePhase.LIVE + "|50");
            }
        }
    }

    @ParameterizedTest(name = "Postgres {0}, {1}")
    @MethodSource("points")
    void aMigrationThatIsCutOffIsBegunAgain(int major, CutPoint at) {
        try (Place place = Place.durable(major);
                TransactionProxy wire = TransactionProxy.to(
                        place.server().host(), place.server().port())) {
            make(place, LATER.size());
            try (DestinationSession session =
                    place.session("s", WriteRules.USUAL, new HostPort(wire.host(), wire.port()))) {
                wire.cut(Effect.TAKE.words(), at);
                Claim claim = await().atMost(Duration.ofSeconds(30))
                        .pollDelay(Duration.ZERO)
                        .ignoreExceptionsInstanceOf(PostgresException.class)
                        .until(() -> session.take(Place.OWNER, Place.ACCOUNT), taken -> true);
                assertThat(wire.cut()).containsExactly(Effect.TAKE.words());
                assertThat(claim.lanes().get(Stripe.LANE))
                        .isNotNull()
                        .satisfies(lane -> assertThat(lane.seq()).isEqualTo(2));
                Stripe.whole(session, Stripe.charge());
                session.commit(Stripe.batch(2, Stripe.charges(0, 60, 1)));
            }
            assertThat(place.rows("select count(*), sum(amount) from s.charge")).containsExactly("60|60");
        }
    }

    @ParameterizedTest(name = "Postgres {0}, without the last {1}")
    @MethodSource("versions")
    void itsSchemaIsDroppedByOneThatNeverTookIt(int major, int missing) {
        try (Place place = Place.durable(major)) {
            make(place, missing);
            try (DestinationSession session = place.session("s")) {
                assertThat(session.drop(Place.OWNER)).isEqualTo(Dropped.NOTHING);
            }
            assertThat(place.value("select to_regnamespace('s') is null")).isEqualTo("t");
        }
    }
}

package io.sequin.postgres.load.upkeep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sequin.CrashPoints;
import io.sequin.data.Change;
import io.sequin.data.Column;
import io.sequin.data.ColumnType;
import io.sequin.data.Deletes;
import io.sequin.data.Encoding;
import io.sequin.data.HostPort;
import io.sequin.data.NewColumns;
import io.sequin.data.TableShape;
import io.sequin.data.WriteRules;
import io.sequin.postgres.PostgresException;
import io.sequin.postgres.load.DestinationSession;
import io.sequin.postgres.load.Place;
import io.sequin.postgres.load.Stripe;
import io.sequin.postgres.load.TableStatus;
import io.sequin.postgres.schema.Effect;
import io.sequin.testkit.proxy.CutPoint;
import io.sequin.testkit.proxy.TransactionProxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Tables that are made sure of, with what that takes beside DDL cut at every point. */
public class EnsureCrashPointsIT {
    /** The transactions that only this has. */
    public static final Set<Effect> OF_TABLES = EnumSet.of(Effect.PROMOTE, Effect.ASK_PURGE, Effect.PURGE);

    private static final int MARKED = MarkedRows.CHUNK + 5;
    private static final int ROWS = Promotion.CHUNK + 50;

    static Stream<Arguments> points() {
        return CrashPoints.of(CutPoint.ofEveryTransaction());
    }

    private static TableShape grown() {
        List<Column> columns = new ArrayList<>(Stripe.charge().columns());
        columns.add(new Column("fee", "fee", ColumnType.BIGINT, Encoding.PLAIN));
        return new TableShape("charge", columns, List.of("id"));
    }

    private static List<Change> rows() {
        List<Change> rows = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            rows.add(Stripe.upsert("charge", "ch_" + i, "{\"fee\":" + i + "}"));
        }
        return rows;
    }

    /** Rows with a value that has no column yet, and rows that a soft delete has marked. */
    private static void fill(Place place) {
        try (DestinationSession session = Stripe.live(place, "s", Stripe.charge(), new WriteRules(Deletes.SOFT))) {
            session.commit(Stripe.batch(1, rows()));
            session.commit(Stripe.batch(2, Stripe.charges(ROWS, ROWS + MARKED, 1)));
            session.commit(Stripe.batch(
                    3,
                    IntStream.range(ROWS, ROWS + MARKED)
                            .mapToObj(i -> Stripe.delete("ch_" + i))
                            .toList()));
        }
    }

    @ParameterizedTest(name = "Postgres {0}, {1}")
    @MethodSource("points")
    void noCutLosesAValueOrALiveRowOrLeavesAnyBehind(int major, CutPoint at) {
        try (Place place = Place.durable(major);
                TransactionProxy wire = TransactionProxy.to(
                        place.server().host(), place.server().port())) {
            fill(place);
            WriteRules hard = new WriteRules(Deletes.HARD, NewColumns.ADD, Optional.of(PurgeIT.code(place)));
            try (DestinationSession session = place.session("s", hard, new HostPort(wire.host(), wire.port()))) {
                session.take(Place.OWNER, Place.ACCOUNT);
                OF_TABLES.forEach(effect -> wire.cut(effect.words(), at));
                TableStatus done = again(() -> session.ensure(grown(), Set.of(Stripe.LANE)));
                while (done.left().isUrgent()) {
                    done = again(() -> session.tend("charge"));
                }
                assertThat(wire.cut())
                        .as("what was cut is what this says it cuts")
                        .containsExactlyInAnyOrderElementsOf(
                                OF_TABLES.stream().map(Effect::words).toList());
                assertThat(done.notices()).isEmpty();
                assertThat(place.rows("select (select count(*) from s.charge), rows, marked, promotion, purge"
                                + " from s._sync_table"))
                        .containsExactly(ROWS + "|" + ROWS + "|0|null|null");
                assertThat(place.value("select count(*) from s.charge where fee is not null and _sync_extra is null"))
                        .isEqualTo("" + ROWS);
                assertThat(session.commit(Stripe.batch(4, rows())).changed()).isZero();
            }
        }
    }

    private static TableStatus again(Callable<TableStatus> work) {
        return await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(20))
                .pollDelay(Duration.ZERO)
                .ignoreExceptionsInstanceOf(PostgresException.class)
                .until(work, status -> true);
    }
}

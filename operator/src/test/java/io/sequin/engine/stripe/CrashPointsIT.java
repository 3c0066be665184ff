package io.sequin.engine.stripe;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.CrashPoints;
import io.sequin.Seeds;
import io.sequin.postgres.load.resync.PassCrashPointsIT;
import io.sequin.postgres.load.upkeep.EnsureCrashPointsIT;
import io.sequin.postgres.schema.Effect;
import io.sequin.testkit.postgres.PostgresServer;
import io.sequin.testkit.proxy.CutPoint;
import io.sequin.testkit.proxy.TransactionProxy;
import io.sequin.testkit.stripe.StripeData;
import io.sequin.testkit.stripe.StripeObjectType;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every transaction that changes the user's database is cut at every point where a network or a crash may cut it. An
 * {@link Effect} that this life of a Sync does not come to fails the test: add what brings it about. Those of a full
 * pass are in {@link PassCrashPointsIT}.
 */
class CrashPointsIT {
    /** So that it comes about while a Sync is idle for a moment. */
    private static final Duration RENEWAL = Duration.ofMillis(300);

    private static final List<String> EFFECTS =
            EnumSet.complementOf(EnumSet.copyOf(PassCrashPointsIT.OF_A_PASS)).stream()
                    .filter(effect -> !EnsureCrashPointsIT.OF_TABLES.contains(effect))
                    .map(Effect::words)
                    .toList();

    /** As if the source had told of the field before the table had a column for it. */
    private static final String COLUMN_THAT_IS_NEW = """
            update "stripe it".product set _sync_extra = coalesce(_sync_extra, '{}') || jsonb_build_object('name', name);
            alter table "stripe it".product drop column name;""";

    /** Bytes of COPY's data in the first passes: at least so many. */
    private static final int COPIED = 100_000;

    private final Random random = Seeds.random(CrashPointsIT.class);

    static Stream<Arguments> points() {
        return CrashPoints.of(List.of(CutPoint.values()));
    }

    @ParameterizedTest(name = "Postgres {0}, {1}")
    @MethodSource("points")
    void noCutLosesOrDoublesARowOrLeavesAnythingBehind(int major, CutPoint at) throws Exception {
        try (StripeSync sync = new StripeSync(PostgresServer.sharedDurable(major), RENEWAL);
                TransactionProxy wire = TransactionProxy.to(sync.server.host(), sync.server.port())) {
            sync.through(wire.host(), wire.port());
            StripeData data = sync.stripe.data();
            data.seed(21, 300, 60, 1200);

            cutEach(wire, at);
            cutSomeMore(wire, at);
            sync.start();
            sync.awaitLive();
            assertThat(wire.isToBeCut(Effect.COMMIT_BATCH.words())).isFalse();
            sync.awaitTruth();
            Bystanders others = Bystanders.in(sync);

            cutEach(wire, at);
            sync.remove();
            sync.sql(COLUMN_THAT_IS_NEW);
            change(data);
            sync.start();
            sync.awaitTruth();
            assertThat(sync.crashes).isEmpty();
            assertThat(countsThatAreWrong(sync)).isEqualTo("0");

            cutEach(wire, at);
            sync.remove();
            sync.drop();
            others.assertUntouched();
            assertThat(sync.value("select string_agg(relname, ' ' order by relname) from pg_class"
                            + " where relnamespace = '\"stripe it\"'::regnamespace and relkind = 'r'"))
                    .as("tables: theirs, and the one that their view needs")
                    .isEqualTo("customer notes x\"; drop schema s; --");
            LeftOpen.awaitNothing(sync);
            LeftOpen.awaitNoSession(sync);
            assertThat(wire.cut())
                    .containsExactlyInAnyOrderElementsOf(
                            at == CutPoint.IN_COPY ? List.of(Effect.COMMIT_BATCH.words()) : EFFECTS);
        }
    }

    private static void cutEach(TransactionProxy wire, CutPoint at) {
        if (at != CutPoint.IN_COPY) {
            EFFECTS.forEach(effect -> wire.cut(effect, at));
        }
    }

    /** Commits of first passes, at random; there are at least seven of them. */
    private void cutSomeMore(TransactionProxy wire, CutPoint at) {
        for (int more = 0; more < 2; more++) {
            if (at == CutPoint.IN_COPY) {
                wire.cutInCopy(Effect.COMMIT_BATCH.words(), random.nextInt(COPIED / 4));
            } else {
                wire.cutLater(Effect.COMMIT_BATCH.words(), at, random.nextInt(3));
            }
        }
    }

    private static void change(StripeData data) {
        Random random = new Random(22);
        data.churn(random, 60);
        for (int i = 0; i < 10; i++) {
            data.randomLive(StripeObjectType.CUSTOMER, random)
                    .ifPresent(id -> data.delete(StripeObjectType.CUSTOMER, id));
        }
    }

    /** Tables whose recorded number of rows is not the real one: a batch counted twice, or not at all. */
    private static String countsThatAreWrong(StripeSync sync) {
        return sync.value("""
                select count(*) from "stripe it"._sync_table t
                  join (select 'customer' as name, count(*) as n from "stripe it".customer
                        union all select 'product', count(*) from "stripe it".product
                        union all select 'charge', count(*) from "stripe it".charge) c using (name)
                 where t.rows <> c.n""");
    }
}

package io.sequin.engine.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sequin.OnPostgres;
import io.sequin.Thoroughness;
import io.sequin.data.DeleteGuard;
import io.sequin.data.Problem;
import io.sequin.data.ResyncPlan;
import io.sequin.data.ResyncRequest;
import io.sequin.data.TableSelection;
import io.sequin.engine.ResyncProgress;
import io.sequin.engine.SyncSnapshot;
import io.sequin.postgres.PostgresProblem;
import io.sequin.postgres.schema.StartOver;
import io.sequin.testkit.postgres.PostgresServer;
import io.sequin.testkit.stripe.Fault;
import io.sequin.testkit.stripe.FaultRule;
import io.sequin.testkit.stripe.StripeData;
import io.sequin.testkit.stripe.StripeEventType;
import io.sequin.testkit.stripe.StripeFaults;
import io.sequin.testkit.stripe.StripeObjectType;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Re-syncs of a fake Stripe on real servers. */
class ResyncEngineIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    static final String STRAYS = "select count(*) from \"stripe it\".customer where id like 'cus_stray%'";

    static IntStream majors() {
        return Thoroughness.majors();
    }

    /** Rows that the source does not have and nobody tells us of. */
    static void stray(StripeSync sync, int rows) {
        sync.sql("insert into \"stripe it\".customer (id, name) select 'cus_stray_' || i, 'Nobody' from"
                + " generate_series(1, " + rows + ") i");
        sync.sql("update \"stripe it\"._sync_table set rows = rows + " + rows + " where name = 'customer'");
    }

    static SyncSnapshot awaitHandled(StripeSync sync, String token) {
        return sync.awaitSnapshot(
                "token " + token + " handled",
                s -> s.resync()
                        .flatMap(ResyncProgress::handled)
                        .filter(token::equals)
                        .isPresent());
    }

    /** How often; each time all 600 rows of the source must be there. */
    private static int readUntil(AtomicBoolean done, StripeSync sync) {
        int reads = 0;
        while (!done.get()) {
            assertThat(sync.value("select count(*) from public.reporting where id not like 'cus_stray%'"))
                    .as("rows that a reader sees, read %d", reads)
                    .isEqualTo("600");
            reads++;
        }
        return reads;
    }

    @ParameterizedTest(name = "Postgres {0}")
    @MethodSource("majors")
    void whatIsWrongIsPutRightAndReadersNeverMissARow(int major) throws Exception {
        try (StripeSync sync = new StripeSync(major)) {
            sync.stripe.data().seed(5, 600, 40, 200);
            sync.start();
            sync.awaitLive();
            sync.awaitTruth();
            stray(sync, 50);
            sync.sql("update \"stripe it\".customer set name = 'Wrong' where id ="
                    + " (select min(id) from \"stripe it\".customer where id not like 'cus_stray%')");
            sync.sql("create view public.reporting as select * from \"stripe it\".customer");
            String unchanged = "select md5(string_agg(p::text || xmin, '|' order by id)) from \"stripe it\".product p";
            String before = sync.value(unchanged);
            AtomicBoolean done = new AtomicBoolean();
            FutureTask<Integer> reader = new FutureTask<>(() -> readUntil(done, sync));
            Thread.startVirtualThread(reader);
            try {
                sync.resync("t", DeleteGuard.USUAL);
                sync.stripe.data().create(StripeObjectType.CHARGE);
                awaitHandled(sync, "t");
            } finally {
                done.set(true);
            }
            assertThat(reader.get(60, TimeUnit.SECONDS)).as("reads meanwhile").isGreaterThan(2);
            sync.awaitTruth();
            assertThat(sync.value(STRAYS)).isEqualTo("0");
            assertThat(sync.value(unchanged)).as("rows that did not change").isEqualTo(before);
            assertThat(sync.value("select rows from \"stripe it\"._sync_table where name = 'customer'"))
                    .isEqualTo("600");
            assertThat(sync.value("select count(*) from \"stripe it\"._sync_seen"))
                    .isEqualTo("0");
            assertThat(sync.crashes).isEmpty();
        }
    }

    @OnPostgres(18)
    void aTokenThatIsSetWithTheCureOfAnExpiredCursorTakesAwayWhatVanishedMeanwhile(int major) throws Exception {
        try (StripeSync sync = new StripeSync(major)) {
            sync.stripe.data().seed(6, 60, 10, 10);
            sync.start();
            sync.awaitLive();
            sync.remove();
            stray(sync, 5);
            sync.sql(StartOver.instruction(StripeSync.SCHEMA).sql());

            sync.resync("t", DeleteGuard.USUAL);
            awaitHandled(sync, "t");
            assertThat(sync.value(STRAYS)).isEqualTo("0");
            sync.awaitTruth();
        }
    }

    @OnPostgres(18)
    void aTokenThatIsThereWhenTheSchemaIsMadeCountsAsHandledAndNothingIsReadTwice(int major) throws Exception {
        try (StripeSync sync = new StripeSync(major)) {
            sync.stripe.data().seed(6, 60, 10, 10);
            sync.resync("t", DeleteGuard.USUAL);
            sync.awaitLive();
            awaitHandled(sync, "t");
            assertThat(sync.value("select count(*) from \"stripe it\"._sync_state where lane like 'resync:%'"))
                    .isEqualTo("0");
            sync.awaitTruth();
        }
    }

    @OnPostgres(18)
    void aLargeDeletionWaitsForItsCode(int major) throws Exception {
        try (StripeSync sync = new StripeSync(major)) {
            sync.stripe.data().seed(5, 200, 10, 10);
            sync.start();
            sync.awaitLive();
            stray(sync, 150);
            sync.resync("t", DeleteGuard.USUAL, "customer");
            SyncSnapshot waiting = sync.awaitSnapshot(
                    "it waits",
                    s -> s.resync().filter(r -> !r.waiting().isEmpty()).isPresent());
            Problem why = Objects.requireNonNull(
                    waiting.resync().orElseThrow().waiting().get("customer"));
            assertThat(why.code()).isEqualTo(PostgresProblem.DELETES_NEED_CONFIRMATION);
            String message = why.message();
            assertThat(message).contains("150 of 350 rows");
            assertThat(sync.value(STRAYS)).isEqualTo("150");
            sync.stripe.requests().clear();
            String code = message.replaceAll(".*confirm: (customer-[0-9a-f]{4});.*", "$1");
            sync.resync("t", new DeleteGuard(30, Optional.of(code)), "customer");
            awaitHandled(sync, "t");
            assertThat(sync.value(STRAYS)).isEqualTo("0");
            assertThat(sync.stripe.requests().count("/v1/customers"))
                    .as("the list is not read again")
                    .isZero();
            sync.awaitTruth();
        }
    }

    @ParameterizedTest(name = "Postgres {0}")
    @MethodSource("majors")
    void aServerThatCrashesInTheMiddleLosesNoLiveRow(int major) throws Exception {
        try (PostgresServer server = PostgresServer.startDurable(major);
                StripeSync sync = new StripeSync(server)) {
            sync.stripe.data().seed(5, 1_500, 10, 10);
            sync.start();
            sync.awaitLive();
            sync.awaitTruth();
            Bystanders others = Bystanders.in(sync);
            stray(sync, 20);
            try (StripeFaults.Active slow = sync.stripe
                    .faults()
                    .add(FaultRule.always(new Fault.Delay(Duration.ofMillis(1500)))
                            .onPath("/v1/customers"))) {
                sync.resync("t", DeleteGuard.USUAL, "customer");
                await("some rows were met")
                        .atMost(SOON)
                        .pollInterval(Duration.ofMillis(20))
                        .until(() ->
                                Integer.parseInt(sync.value("select count(*) from \"stripe it\"._sync_seen")) > 300);
                assertThat(slow.fired()).as("pages of 15").isLessThan(15);
                server.stopImmediately();
                server.start();
            }
            sync.stripe.data().churn(new Random(9), 20);
            awaitHandled(sync, "t");
            sync.awaitTruth();
            assertThat(sync.value(STRAYS)).isEqualTo("0");
            assertThat(sync.value("select pass from \"stripe it\"._sync_state where lane like 'resync:%'"))
                    .as("the keys were lost: a second pass")
                    .isEqualTo("2");
            others.assertUntouched();
            LeftOpen.awaitNothing(sync);
            LeftOpen.awaitNoSession(sync);
            assertThat(sync.crashes).isEmpty();
        }
    }

    @OnPostgres(18)
    void whatStripesListsLeaveOutIsThereAndNoResyncTakesItAway(int major) throws Exception {
        List<StripeObjectType> types = Stream.of("customer", "price", "payment_method", "review")
                .map(StripeObjectType::of)
                .toList();
        TableSelection tables = new TableSelection(
                types.stream().map(StripeObjectType::wireName).collect(Collectors.toSet()), Set.of());
        try (StripeSync sync = new StripeSync(major)) {
            StripeData data = sync.stripe.data();
            data.seed(5, types.stream().collect(Collectors.toMap(type -> type, type -> 5)));
            data.create(StripeObjectType.of("price"), o -> o.put("active", false));
            data.create(StripeObjectType.of("payment_method"), o -> o.put("type", "custom"));
            sync.apply(tables, ResyncPlan.NONE);
            sync.awaitLive();
            // these come by events alone
            StripeObjectType review = StripeObjectType.of("review");
            StripeEventType closed = review.events().stream()
                    .filter(event -> event.wireName().equals("review.closed"))
                    .findFirst()
                    .orElseThrow();
            data.truth(review).keySet().forEach(id -> data.change(review, id, closed, o -> o.put("open", false)));
            data.create(StripeObjectType.CUSTOMER, o -> o.put("test_clock", "clock_1"));
            sync.awaitTruth(types);
            sync.sql("insert into \"stripe it\".review (id) values ('prv_stray')");
            sync.sql("update \"stripe it\"._sync_table set rows = rows + 1 where name = 'review'");

            sync.apply(tables, new ResyncPlan(Optional.of(new ResyncRequest("t", Set.of())), DeleteGuard.USUAL));
            awaitHandled(sync, "t");

            sync.awaitTruth(types);
            assertThat(sync.value("select count(*) from \"stripe it\".review")).isEqualTo("5");
            assertThat(sync.crashes).isEmpty();
        }
    }

    @OnPostgres(18)
    void anEarlierStartDateBringsWhatLiesBeforeItInPlace(int major) throws Exception {
        try (StripeSync sync = new StripeSync(major)) {
            sync.stripe.data().seed(6, 40, 10, 40);
            sync.source = "{\"startDate\": \"2099-12-31\"}";
            sync.start();
            sync.awaitLive();
            String there = "select count(*) from \"stripe it\".customer";
            assertThat(sync.value(there)).isEqualTo("0");

            sync.source = "{\"startDate\": \"2020-01-01\"}";
            sync.start();
            sync.awaitTruth();
            assertThat(sync.value(there)).isEqualTo("40");
        }
    }
}

package io.sequin.engine.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sequin.Thoroughness;
import io.sequin.data.DeleteGuard;
import io.sequin.engine.ResyncProgress;
import io.sequin.postgres.Timeouts;
import io.sequin.postgres.schema.WriteTimeouts;
import io.sequin.testkit.stripe.StripeData;
import io.sequin.testkit.stripe.StripeObjectType;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A table whose rows take long, one by one, gets on in smaller pieces. */
class SlowRowsIT {
    private static final WriteTimeouts SHORT =
            new WriteTimeouts(Duration.ofSeconds(5), Duration.ofSeconds(1), Duration.ofSeconds(60));

    private static void slow(StripeSync sync, String seconds) {
        sync.sql("create or replace function public.slow() returns trigger language plpgsql as"
                + " $$ begin perform pg_catalog.pg_sleep(" + seconds + "); return null; end $$");
    }

    private static void trigger(StripeSync sync) {
        sync.sql("create trigger slow after insert or update or delete on \"stripe it\".customer"
                + " for each row execute procedure public.slow()");
    }

    @ParameterizedTest(name = "Postgres {0}")
    @ValueSource(ints = 18)
    void aReSyncWritesAndDeletesInPiecesThatPass(int major) throws Exception {
        try (StripeSync sync = new StripeSync(Thoroughness.server(major), Timeouts.USUAL, SHORT)) {
            sync.stripe.data().seed(81, 300, 10, 10);
            sync.start();
            sync.awaitLive();
            sync.sql("update \"stripe it\".customer set name = 'Wrong'");
            sync.sql("insert into \"stripe it\".customer (id) select 'cus_stray_' || i from generate_series(1, 400) i");
            sync.sql("update \"stripe it\"._sync_table set rows = rows + 400 where name = 'customer'");
            slow(sync, "0.004");
            trigger(sync);
            sync.resync("t", new DeleteGuard(100, Optional.empty()), "customer");
            await("re-synced")
                    .atMost(Duration.ofMinutes(5))
                    .untilAsserted(() -> assertThat(sync.awaitSnapshot("any", s -> true)
                                    .resync()
                                    .flatMap(ResyncProgress::handled))
                            .contains("t"));
            sync.awaitTruth();
            assertThat(sync.value("select rows from \"stripe it\"._sync_table where name = 'customer'"))
                    .isEqualTo("300");
            assertThat(sync.crashes).isEmpty();
        }
    }

    @ParameterizedTest(name = "Postgres {0}")
    @ValueSource(ints = 18)
    void whatIsFetchedLaterIsWrittenInPiecesThatPass(int major) throws Exception {
        try (StripeSync sync = new StripeSync(Thoroughness.server(major), Timeouts.USUAL, SHORT)) {
            StripeData data = sync.stripe.data();
            data.seed(82, 100, 10, 10);
            sync.start();
            sync.awaitLive();
            slow(sync, "0.03");
            trigger(sync);
            List<String> all = List.copyOf(data.truth(StripeObjectType.CUSTOMER).keySet());
            all.forEach(id -> data.update(StripeObjectType.CUSTOMER, id, c -> c.put("name", "Changed")));
            await("all customers")
                    .atMost(Duration.ofMinutes(5))
                    .untilAsserted(() -> assertThat(sync.differences(StripeObjectType.CUSTOMER))
                            .isEmpty());
            sync.awaitLive();
            assertThat(sync.crashes).isEmpty();
        }
    }
}

package io.sequin.engine.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sequin.OnPostgres;
import io.sequin.engine.SyncSnapshot;
import io.sequin.engine.TableState;
import io.sequin.postgres.PostgresProblem;
import io.sequin.testkit.stripe.StripeData;
import io.sequin.testkit.stripe.StripeObjectType;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

/** An object whose id is too long for an index of Postgres stops its table, and nothing else. */
class LongIdIT {
    /** No pattern that an index could compress. */
    private static String longId() {
        return new Random(3)
                .ints(4_000, 'a', 'z' + 1)
                .mapToObj(Character::toString)
                .collect(Collectors.joining());
    }

    @OnPostgres(18)
    void createdWhileTheTailRunsItStopsItsTableUntilItIsDeleted(int major) throws Exception {
        try (StripeSync sync = new StripeSync(major)) {
            StripeData data = sync.stripe.data();
            data.seed(41, 10, 10, 10);
            sync.start();
            sync.awaitLive();
            String id = longId();
            data.createProduct(id, p -> p.put("name", "Long"));
            SyncSnapshot failing = sync.awaitSnapshot("product stands still", s -> isProduct(s, TableState.FAILING));
            assertThat(StripeSync.table(failing, "product")
                            .problem()
                            .orElseThrow()
                            .code())
                    .isEqualTo(PostgresProblem.RECORD_REJECTED);
            for (int i = 0; i < 3; i++) {
                data.create(StripeObjectType.CHARGE);
                data.create(StripeObjectType.PRODUCT);
                sync.awaitTruth(List.of(StripeObjectType.CHARGE));
            }
            SyncSnapshot still = sync.awaitSnapshot("any", s -> true);
            assertThat(isProduct(still, TableState.FAILING)).isTrue();
            assertThat(still.schema()).isEmpty();
            assertThat(still.destination()).isEmpty();

            data.delete(StripeObjectType.PRODUCT, id);
            await("the deletion was heard of")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> sync.value("select count(*) from \"stripe it\"._sync_dirty where array_ndims(key) = 3")
                            .equals("0"));
            sync.wake();
            sync.awaitLive();
            sync.awaitTruth();
            assertThat(sync.crashes).isEmpty();
        }
    }

    private static boolean isProduct(SyncSnapshot snapshot, TableState state) {
        return StripeSync.table(snapshot, "product").state() == state;
    }
}

package io.sequin.engine.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sequin.data.Problem;
import io.sequin.engine.SyncSnapshot;
import io.sequin.engine.TableState;
import io.sequin.testkit.stripe.StripeObjectType;
import java.time.Duration;
import java.util.Optional;

/** What is seen of a Sync while one of its tables keeps each statement waiting. */
final class SlowTables {
    private SlowTables() {}

    /** What is said of the table. */
    static Optional<Problem> problem(SyncSnapshot snapshot, String table) {
        return StripeSync.table(snapshot, table).problem();
    }

    /** Changes of another table arrive while this one does not get on, and nothing else is said to be wrong. */
    static void othersGoOn(StripeSync sync, String table) {
        for (int i = 0; i < 2; i++) {
            sync.stripe.data().create(StripeObjectType.CHARGE);
            sync.stripe.data().create(StripeObjectType.of(table));
            await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
                assertThat(sync.differences(StripeObjectType.CHARGE)).isEmpty();
                SyncSnapshot now = sync.awaitSnapshot("any", s -> true);
                assertThat(now.destination()).isEmpty();
                assertThat(now.schema()).isEmpty();
                assertThat(StripeSync.table(now, table).state()).isEqualTo(TableState.FAILING);
                assertThat(problem(now, table).orElseThrow().message()).contains('"' + table + '"');
            });
        }
    }
}

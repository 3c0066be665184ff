package io.sequin.engine.stripe;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.Thoroughness;
import io.sequin.postgres.PostgresProblem;
import io.sequin.postgres.Timeouts;
import io.sequin.postgres.schema.WriteTimeouts;
import io.sequin.testkit.stripe.StripeData;
import io.sequin.testkit.stripe.StripeObjectType;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A lock that another session holds on one table stops that table, and no other one. */
class LockedTableIT {
    private static final WriteTimeouts SHORT =
            new WriteTimeouts(Duration.ofSeconds(1), Duration.ofSeconds(50), Duration.ofSeconds(60));

    @ParameterizedTest(name = "Postgres {0}")
    @ValueSource(ints = 18)
    void aLockOnOneTableStopsNoOtherAndNothingIsLostOnceItIsGone(int major) throws Exception {
        try (StripeSync sync = new StripeSync(Thoroughness.server(major), Timeouts.USUAL, SHORT)) {
            StripeData data = sync.stripe.data();
            data.seed(71, 60, 10, 20);
            sync.start();
            sync.awaitLive();
            try (Connection person = sync.server.superuser(sync.database);
                    Statement statement = person.createStatement()) {
                person.setAutoCommit(false);
                // as CREATE INDEX does
                statement.execute("lock table \"stripe it\".customer in share mode");
                data.churn(new Random(71), 30);
                data.create(StripeObjectType.CUSTOMER);
                sync.awaitSnapshot(
                        "it says so of its table",
                        s -> SlowTables.problem(s, "customer")
                                .filter(p -> p.code() == PostgresProblem.LOCK_TIMEOUT)
                                .isPresent());
                SlowTables.othersGoOn(sync, "customer");
                person.rollback();
            }
            sync.awaitLive();
            sync.awaitTruth();
            assertThat(sync.crashes).isEmpty();
        }
    }
}

package io.sequin.engine.stripe;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.Thoroughness;
import io.sequin.data.Problem;
import io.sequin.engine.SyncSnapshot;
import io.sequin.engine.TableState;
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

    @ParameterizedTest(name = "Postgres {0}")
    @ValueSource(ints = 18)
    void aLockThatIsHeldWhileTheSyncOpensStopsThatTableAlone(int major) throws Exception {
        opensBeside(major, "select", "lock table \"stripe it\".customer in access exclusive mode");
    }

    @ParameterizedTest(name = "Postgres {0}")
    @ValueSource(ints = 18)
    void soDoesWhoKeepsATableFromBeingMade(int major) throws Exception {
        String table = "table \"stripe it\".customer";
        opensBeside(major, "drop " + table, "create " + table + " (id text)");
    }

    /**
     * A Sync that was live is opened again.
     *
     * @param before is done while it is away
     * @param lock and held while it opens
     */
    private static void opensBeside(int major, String before, String lock) throws Exception {
        try (StripeSync sync = new StripeSync(Thoroughness.server(major), Timeouts.USUAL, SHORT)) {
            StripeData data = sync.stripe.data();
            data.seed(72, 60, 10, 20);
            sync.start();
            sync.awaitLive();
            sync.remove();
            sync.sql(before);
            try (Connection person = sync.server.superuser(sync.database);
                    Statement statement = person.createStatement()) {
                person.setAutoCommit(false);
                statement.execute(lock);
                data.churn(new Random(72), 30);
                sync.start();
                SyncSnapshot open = sync.awaitSnapshot(
                        "all others are live",
                        s -> s.tables().stream()
                                .allMatch(t -> t.name().equals("customer") ^ t.state() == TableState.LIVE));
                assertThat(open.destination()).isEmpty();
                assertThat(SlowTables.problem(open, "customer"))
                        .map(Problem::code)
                        .contains(PostgresProblem.LOCK_TIMEOUT);
                SlowTables.othersGoOn(sync, "customer");
                person.rollback();
            }
            sync.awaitLive();
            sync.awaitTruth();
            assertThat(sync.crashes).isEmpty();
        }
    }
}

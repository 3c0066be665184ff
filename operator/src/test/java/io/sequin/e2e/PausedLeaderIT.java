package io.sequin.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.Seeds;
import io.sequin.Thoroughness;
import io.sequin.testkit.operator.PackagedOperator;
import java.sql.SQLException;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** SIGSTOP of a leader past its Lease, and SIGCONT when another one leads: two that both think they may write. */
class PausedLeaderIT {
    private static final int ROUNDS = Thoroughness.rounds(2, 5);

    static IntStream majors() {
        return Thoroughness.majors();
    }

    @ParameterizedTest(name = "Postgres {0}")
    @MethodSource("majors")
    void aLeaderThatWakesUpAfterItsTimeWritesNothingAndTheOtherGoesOn(int major) throws Exception {
        Random random = Seeds.random(PausedLeaderIT.class);
        try (Rig rig = Rig.withoutRestarts(major, "paused");
                SyncedSchema schema = new SyncedSchema(rig.postgres.superuser(rig.database))) {
            rig.stripe.data().seed(51, 3000, 100, 3000);
            rig.grantCreate();
            rig.applyAll();
            rig.await("Sync", "stripe", "SchemaReady", "True");
            Awaitility.await("customers are there")
                    .atMost(Rig.PATIENCE)
                    .until(() -> schema.value("select to_regclass('stripe.customer') is not null")
                            .equals("t"));
            schema.addBystanders();
            String bystanders = schema.bystanders();
            PackagedOperator leader = rig.operator();
            PackagedOperator other = null;
            try {
                for (int round = 0; round < ROUNDS; round++) {
                    TimeUnit.MILLISECONDS.sleep(random.nextInt(700));
                    leader.process().pause();
                    String before = token(schema);
                    rig.stripe.data().churn(random, 30);
                    other = rig.startOperator("sequin-operator-" + round);
                    Awaitility.await("the other one takes the schema")
                            .atMost(Rig.PATIENCE)
                            .until(() -> !token(schema).equals(before));
                    String after = token(schema);
                    leader.process().goOn();
                    rig.stripe.data().churn(random, 30);
                    assertThat(leader.process().waitFor(Rig.PATIENCE))
                            .as("it ends by itself")
                            .isPresent();
                    assertThat(token(schema)).as("who has the schema").isEqualTo(after);
                    leader.close();
                    leader = other;
                }
                rig.awaitEqual("stripe");
                rig.await("Sync", "stripe", "Ready", "True/Live");
                schema.assertRowsAndCountsWereCommittedTogether();
                assertThat(schema.bystanders()).isEqualTo(bystanders);
            } finally {
                leader.close();
                if (other != null) {
                    other.close();
                }
            }
            schema.awaitNothingLeftOpen("nothing is left open", Rig.PATIENCE);
        }
    }

    private static String token(SyncedSchema schema) throws SQLException {
        return schema.value("select token from stripe._sync_writer");
    }
}

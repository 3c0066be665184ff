package io.sequin.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sequin.testkit.operator.PackagedOperator;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** SIGSTOP of a leader past its Lease, and SIGCONT when another one leads: two that both think they may write. */
class PausedLeaderIT {
    private static final int ROUNDS = 3;

    @Test
    void aLeaderThatWakesUpAfterItsTimeWritesNothingAndTheOtherGoesOn() throws Exception {
        Random random = new Random(51);
        try (Rig rig = Rig.withoutRestarts(18, "paused")) {
            rig.stripe.data().seed(51, 3000, 100, 3000);
            rig.grantCreate();
            rig.applyAll();
            rig.await("Sync", "stripe", "SchemaReady", "True");
            PackagedOperator leader = rig.operator();
            PackagedOperator other = null;
            try {
                for (int round = 0; round < ROUNDS; round++) {
                    TimeUnit.MILLISECONDS.sleep(random.nextInt(700));
                    leader.process().pause();
                    String before = token(rig);
                    rig.stripe.data().churn(random, 30);
                    other = rig.startOperator("sequin-operator-" + round);
                    await("the other one takes the schema")
                            .atMost(Rig.PATIENCE)
                            .until(() -> !token(rig).equals(before));
                    String after = token(rig);
                    leader.process().goOn();
                    rig.stripe.data().churn(random, 30);
                    assertThat(leader.process().waitFor(Rig.PATIENCE))
                            .as("it ends by itself")
                            .isPresent();
                    assertThat(token(rig)).as("who has the schema").isEqualTo(after);
                    leader.close();
                    leader = other;
                }
                rig.awaitEqual("stripe");
                rig.await("Sync", "stripe", "Ready", "True/Live");
            } finally {
                leader.close();
                if (other != null) {
                    other.close();
                }
            }
        }
    }

    private static String token(Rig rig) throws SQLException {
        try (Connection connection = rig.postgres.superuser(rig.database);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select token from stripe._sync_writer")) {
            row.next();
            return row.getString(1);
        }
    }
}

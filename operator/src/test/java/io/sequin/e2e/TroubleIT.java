package io.sequin.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sequin.testkit.postgres.CertificateAuthority;
import io.sequin.testkit.process.FreePort;
import io.sequin.testkit.proxy.FaultProxy;
import io.sequin.testkit.stripe.Fault;
import io.sequin.testkit.stripe.FaultRule;
import io.sequin.testkit.stripe.StripeObjectType;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a user breaks, and reads, and mends; the operator is never restarted. */
class TroubleIT {
    private Rig rig;

    @BeforeEach
    void start() {
        rig = Rig.on(15, "trouble");
        rig.stripe.data().seed(1, 1200, 60, 1500);
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    @Test
    void aMissingGrantIsNamedAndThePrintedSqlCuresIt() throws Exception {
        rig.applyAll();
        rig.await("Destination", "warehouse", "PermissionsVerified", "False/MissingGrants");
        rig.await("Sync", "stripe", "DestinationReady", "False");

        for (JsonNode instruction : rig.status("Destination", "warehouse").path("instructions")) {
            rig.asOwner(instruction.path("sql").asText());
        }

        rig.await("Destination", "warehouse", "Ready", "True");
        rig.await("Sync", "stripe", "Ready", "True/Live");
        rig.awaitEqual("stripe");
        assertThat(rig.status("Destination", "warehouse").path("instructions")).isEmpty();
    }

    @Test
    void aWrongPasswordIsNamedAndTheRightOneIsPickedUpWithoutARestart() throws Exception {
        rig.grantCreate();
        rig.applyAll();
        rig.credentials("not the password");
        rig.await("Destination", "warehouse", "Connected", "False/AuthenticationFailed");

        rig.rightCredentials();

        rig.await("Destination", "warehouse", "Ready", "True");
        rig.await("Sync", "stripe", "Ready", "True/Live");
    }

    @Test
    void aMissingSecretAWrongDatabaseAndNoServerHaveTheirOwnReasons() throws Exception {
        rig.grantCreate();
        rig.destination(rig.postgres.host(), rig.postgres.port(), rig.database);
        rig.await("Destination", "warehouse", "CredentialsResolved", "False/SecretNotFound");

        rig.applyAll();
        rig.destination(rig.postgres.host(), rig.postgres.port(), "nowhere");
        rig.await("Destination", "warehouse", "Connected", "False/DatabaseNotFound");

        rig.destination("127.0.0.1", FreePort.pick(), rig.database);
        rig.await("Destination", "warehouse", "Connected", "False/ConnectionRefused");

        rig.destination(rig.postgres.host(), rig.postgres.port(), rig.database);
        rig.await("Destination", "warehouse", "Ready", "True");
        rig.await("Sync", "stripe", "Ready", "True/Live");
    }

    @Test
    void anUntrustedAuthorityIsRefusedUntilTheRightOneIsGiven() throws Exception {
        rig.grantCreate();
        rig.applyAll();
        rig.secret(
                "warehouse-ca",
                Map.of("ca.crt", CertificateAuthority.create("stranger").pem()));
        rig.await("Destination", "warehouse", "Connected", "False/CertificateUntrusted");

        rig.secret("warehouse-ca", Map.of("ca.crt", rig.postgres.authority().pem()));

        rig.await("Destination", "warehouse", "Ready", "True");
        rig.await("Sync", "stripe", "Ready", "True/Live");
    }

    @Test
    void postgresDownInTheMiddleIsSurvivedWithoutLossAndWithoutARestart() throws Exception {
        rig.grantCreate();
        try (FaultProxy proxy = FaultProxy.to(rig.postgres.host(), rig.postgres.port())) {
            rig.stripe.faults().add(FaultRule.always(new Fault.Delay(Duration.ofMillis(100))));
            rig.applyAll();
            rig.destination("127.0.0.1", proxy.port(), rig.database);
            rig.await("Sync", "stripe", "SchemaReady", "True");

            proxy.refuse();
            proxy.cutAll();
            rig.await("Destination", "warehouse", "Ready", "False");
            rig.stripe.data().churn(new java.util.Random(3), 50);
            rig.stripe.faults().clear();
            proxy.heal();

            rig.await("Destination", "warehouse", "Ready", "True");
            rig.await("Sync", "stripe", "Ready", "True/Live");
            rig.awaitEqual("stripe");
        }
    }

    @Test
    void aRevokedKeyIsNamedAndANewOneIsPickedUpAndTheTablesStay() throws Exception {
        rig.grantCreate();
        rig.applyAll();
        rig.await("Sync", "stripe", "Ready", "True/Live");

        rig.apiKey("sk_test_wrong");
        rig.await("Sync", "stripe", "SourceReady", "False/AuthenticationFailed");
        assertThat(rig.differences("stripe")).isEmpty();
        rig.stripe.data().churn(new java.util.Random(4), 20);

        rig.rightApiKey();
        rig.await("Sync", "stripe", "SourceReady", "True");
        rig.awaitEqual("stripe");
    }

    @Test
    void aSchemaThatIsDroppedIsFilledAgainOnlyOnceANewTokenAsksForIt() throws Exception {
        rig.grantCreate();
        rig.applyAll();
        rig.await("Sync", "stripe", "Ready", "True/Live");
        rig.asOwner("alter schema \"stripe\" rename to \"put aside\"");
        rig.stripe.data().create(StripeObjectType.CUSTOMER);
        rig.await("Sync", "stripe", "SchemaReady", "False/StorageMissing");
        rig.kill();
        rig.restart();
        rig.awaitLeading();
        assertThat(rig.status("Sync", "stripe").path("conditions").toString()).contains("spec.resync.token");
        rig.asOwner("do $$ begin assert to_regnamespace('stripe') is null; end $$");

        rig.resync("stripe", "again");
        rig.await("Sync", "stripe", "SchemaReady", "True");
        rig.await("Sync", "stripe", "Ready", "True/Live");
        rig.awaitEqual("stripe");
    }

    @Test
    void anExpiredCursorIsCuredByThePrintedSqlAndAnInterruption() throws Exception {
        rig.grantCreate();
        rig.applyAll();
        rig.await("Sync", "stripe", "Ready", "True/Live");
        rig.suspend("stripe", true);
        rig.await("Sync", "stripe", "Ready", "True/Suspended");
        rig.asOwner("update \"stripe\"._sync_state set checkpoint = checkpoint || '{\"floor\": 1577836800}'"
                + " where lane = 'events'");
        rig.stripe.data().create(StripeObjectType.CUSTOMER);
        rig.suspend("stripe", false);
        rig.await("Sync", "stripe", "SourceReady", "False/CursorExpired");

        for (JsonNode instruction : rig.status("Sync", "stripe").path("instructions")) {
            rig.asOwner(instruction.path("sql").asText());
        }
        rig.suspend("stripe", true);
        rig.await("Sync", "stripe", "Ready", "True/Suspended");
        rig.suspend("stripe", false);

        rig.await("Sync", "stripe", "SourceReady", "True");
        rig.await("Sync", "stripe", "Ready", "True/Live");
        rig.awaitEqual("stripe");
        assertThat(rig.status("Sync", "stripe").path("instructions")).isEmpty();
    }

    @Test
    void theSchemaOfAnotherSyncIsRefusedAndItsTablesAreLeftAlone() throws Exception {
        rig.grantCreate();
        rig.applyAll();
        rig.await("Sync", "stripe", "Ready", "True/Live");

        rig.sync("intruder", "stripe");

        rig.await("Sync", "intruder", "SchemaReady", "False/SchemaConflict");
        rig.await("Sync", "intruder", "Ready", "False");
        assertThat(rig.differences("stripe")).isEmpty();
    }

    @Test
    void aSyncMadeAgainUnderTheSameNameTakesItsSchemaBackAndListsNothingAgain() throws Exception {
        rig.grantCreate();
        rig.applyAll();
        rig.await("Sync", "stripe", "Ready", "True/Live");
        String storage = rig.status("Sync", "stripe").path("storageId").asText();
        long lists = rig.stripe.requests().count("/v1/charges");

        rig.deleteSync("stripe");
        rig.sync("stripe", "stripe");

        // for a moment the new object can show a status that was on its way to the old one
        Awaitility.await("the same data set")
                .atMost(Rig.PATIENCE)
                .until(() ->
                        rig.status("Sync", "stripe").path("storageId").asText().equals(storage));
        rig.await("Sync", "stripe", "Ready", "True/Live");
        assertThat(rig.stripe.requests().count("/v1/charges")).isEqualTo(lists);
    }
}

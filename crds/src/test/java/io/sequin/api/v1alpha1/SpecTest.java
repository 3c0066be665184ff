package io.sequin.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SpecTest {
    private static final CredentialsSecretRef CREDENTIALS = new CredentialsSecretRef("warehouse-sequin", null, null);

    @Test
    void whatAManifestLeavesOutHasAMeaning() {
        PostgresSpec postgres = new PostgresSpec(CREDENTIALS, "db.example.com", null, "app", null, null);
        assertThat(postgres.effectivePort()).isEqualTo(5432);
        assertThat(postgres.effectiveMaxConnections()).isEqualTo(5);
        assertThat(postgres.effectiveTls().effectiveMode()).isEqualTo(TlsMode.VERIFY_FULL);
        assertThat(CREDENTIALS.effectiveUsernameKey()).isEqualTo("username");
        assertThat(CREDENTIALS.effectivePasswordKey()).isEqualTo("password");
        assertThat(new DestinationSpec(postgres, null).effectiveVerifyInterval())
                .isEqualTo(Duration.ofSeconds(60));
        assertThat(sync(null, null).effectivePollInterval()).isEqualTo(Duration.ofSeconds(30));
        assertThat(sync(null, null).effectiveSuspend()).isFalse();
        assertThat(sync(null, null).deletesData()).isFalse();
        assertThat(sync(null, null).effectiveDeletionTimeout()).isEqualTo(Duration.ofMinutes(5));
        assertThat(new RateLimit(5, null, null, null).effectiveInterval()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void whatAManifestSaysWins() {
        CredentialsSecretRef credentials = new CredentialsSecretRef("warehouse-sequin", "user", "pass");
        PostgresSpec postgres =
                new PostgresSpec(credentials, "db.example.com", 6432, "app", new Tls(TlsMode.DISABLE, null), 20);
        assertThat(postgres.effectivePort()).isEqualTo(6432);
        assertThat(postgres.effectiveMaxConnections()).isEqualTo(20);
        assertThat(postgres.effectiveTls().effectiveMode()).isEqualTo(TlsMode.DISABLE);
        assertThat(credentials.effectiveUsernameKey()).isEqualTo("user");
        assertThat(credentials.effectivePasswordKey()).isEqualTo("pass");
        assertThat(new DestinationSpec(postgres, "5m").effectiveVerifyInterval())
                .isEqualTo(Duration.ofMinutes(5));
        assertThat(sync("1m30s", true).effectivePollInterval()).isEqualTo(Duration.ofSeconds(90));
        assertThat(sync("1m30s", true).effectiveSuspend()).isTrue();
        assertThat(deleting(DeletionPolicy.DELETE).deletesData()).isTrue();
        assertThat(deleting(DeletionPolicy.DELETE).effectiveDeletionTimeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(new RateLimit(5, "1m", null, null).effectiveInterval()).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void aDeletionPolicyThisVersionDoesNotKnowKeepsTheData() {
        assertThat(deleting(DeletionPolicy.UNKNOWN).deletesData()).isFalse();
    }

    @Test
    void deletedRowsStayOnlyWhereAskedForOrWhereThisVersionDoesNotKnow() {
        assertThat(sync(null, null).keepsDeleted()).isFalse();
        assertThat(keeping(Deletes.HARD).keepsDeleted()).isFalse();
        assertThat(keeping(Deletes.SOFT).keepsDeleted()).isTrue();
        assertThat(keeping(Deletes.UNKNOWN).keepsDeleted()).isTrue();
    }

    private static SyncSpec keeping(Deletes deletes) {
        SyncSpec spec = sync(null, null);
        return new SyncSpec(
                spec.destinationRef(),
                spec.schema(),
                spec.source(),
                null,
                null,
                null,
                deletes,
                null,
                null,
                null,
                null,
                null);
    }

    private static SyncSpec deleting(DeletionPolicy policy) {
        SyncSpec spec = sync(null, null);
        return new SyncSpec(spec.destinationRef(), spec.schema(), spec.source(), null, null, null, null, policy, "30s");
    }

    private static SyncSpec sync(@Nullable String pollInterval, @Nullable Boolean suspend) {
        SyncSource source = new SyncSource(new StripeSource(new SecretKeyRef("stripe", "api-key"), null, null));
        return new SyncSpec(
                new DestinationRef("warehouse"), "stripe", source, null, pollInterval, null, suspend, null, null);
    }
}

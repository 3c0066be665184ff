package io.sequin.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SpecTest {
    private static final CredentialsSecretRef CREDENTIALS = new CredentialsSecretRef("warehouse-sequin", null, null);

    @Test
    void whatAManifestLeavesOutHasAMeaning() {
        PostgresSpec postgres = new PostgresSpec(CREDENTIALS, "db.example.com", null, "app", null);
        assertThat(postgres.effectivePort()).isEqualTo(5432);
        assertThat(postgres.effectiveTls().effectiveMode()).isEqualTo(TlsMode.VERIFY_FULL);
        assertThat(CREDENTIALS.effectiveUsernameKey()).isEqualTo("username");
        assertThat(CREDENTIALS.effectivePasswordKey()).isEqualTo("password");
        assertThat(new DestinationSpec(postgres, null).effectiveVerifyInterval())
                .isEqualTo(Duration.ofSeconds(60));
        assertThat(sync(null, null).effectivePollInterval()).isEqualTo(Duration.ofSeconds(30));
        assertThat(sync(null, null).effectiveSuspend()).isFalse();
    }

    @Test
    void whatAManifestSaysWins() {
        CredentialsSecretRef credentials = new CredentialsSecretRef("warehouse-sequin", "user", "pass");
        PostgresSpec postgres =
                new PostgresSpec(credentials, "db.example.com", 6432, "app", new Tls(TlsMode.DISABLE, null));
        assertThat(postgres.effectivePort()).isEqualTo(6432);
        assertThat(postgres.effectiveTls().effectiveMode()).isEqualTo(TlsMode.DISABLE);
        assertThat(credentials.effectiveUsernameKey()).isEqualTo("user");
        assertThat(credentials.effectivePasswordKey()).isEqualTo("pass");
        assertThat(new DestinationSpec(postgres, "5m").effectiveVerifyInterval())
                .isEqualTo(Duration.ofMinutes(5));
        assertThat(sync("1m30s", true).effectivePollInterval()).isEqualTo(Duration.ofSeconds(90));
        assertThat(sync("1m30s", true).effectiveSuspend()).isTrue();
    }

    private static SyncSpec sync(@Nullable String pollInterval, @Nullable Boolean suspend) {
        SyncSource source = new SyncSource(new StripeSource(new SecretKeyRef("stripe", "api-key")));
        return new SyncSpec(new DestinationRef("warehouse"), "stripe", source, pollInterval, suspend);
    }
}

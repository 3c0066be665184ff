package io.sequin.operator.sync;

import static io.sequin.operator.sync.SyncSamples.destination;
import static io.sequin.operator.sync.SyncSamples.sync;
import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.api.v1alpha1.CredentialsSecretRef;
import io.sequin.api.v1alpha1.Destination;
import io.sequin.api.v1alpha1.DestinationSpec;
import io.sequin.api.v1alpha1.PostgresSpec;
import io.sequin.api.v1alpha1.SecretKeyRef;
import io.sequin.api.v1alpha1.StripeSource;
import io.sequin.api.v1alpha1.Sync;
import io.sequin.api.v1alpha1.SyncSource;
import io.sequin.api.v1alpha1.Tls;
import io.sequin.api.v1alpha1.TlsMode;
import io.sequin.data.CredentialRef;
import io.sequin.data.ResourceKey;
import io.sequin.data.SourceConfig;
import io.sequin.engine.SyncPlan;
import io.sequin.operator.kube.Reading;
import io.sequin.operator.kube.SpecProblem;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SyncDecisionTest {
    private static SyncDecision decide(Sync sync, Optional<Destination> destination, boolean running) {
        return SyncDecision.of(sync, destination, "cluster-1", running);
    }

    @Test
    void aReadyDestinationLetsTheSyncRun() {
        SyncDecision decision = decide(sync(null), Optional.of(destination("True", 1)), false);
        assertThat(decision).isInstanceOf(SyncDecision.Run.class);
        SyncPlan plan = ((SyncDecision.Run) decision).plan();
        assertThat(plan.owner().cluster()).isEqualTo("cluster-1");
        assertThat(plan.owner().sync()).isEqualTo(new ResourceKey("team", "stripe", "u1"));
        assertThat(plan.owner().source()).isEqualTo("stripe");
        assertThat(plan.schema()).isEqualTo("stripe");
        assertThat(plan.pollInterval()).isEqualTo(Duration.ofSeconds(10));
        assertThat(plan.destination().address().port()).isEqualTo(5432);
        assertThat(plan.destination().tls().mode()).isEqualTo(io.sequin.data.TlsMode.VERIFY_FULL);
        assertThat(plan.destination().password()).isEqualTo(new CredentialRef("team", "db", "password"));
    }

    @Test
    void theSourceIsConvertedWithoutKnowingItsKind() {
        assertThat(SourceSettings.of(sync(null)))
                .isEqualTo(new Reading.Valid<>(new SourceConfig(
                        "stripe", "{}", Map.of("apiKeySecretRef", new CredentialRef("team", "stripe", "api-key")))));
    }

    @Test
    void theRestOfTheSourcesFieldsAreItsSettings() {
        SyncSource source =
                new SyncSource(new StripeSource(new SecretKeyRef("stripe", "api-key"), "acct_1A2b3C", "2020-01-01"));
        assertThat(SourceSettings.of("team", source))
                .isEqualTo(new Reading.Valid<>(new SourceConfig(
                        "stripe",
                        "{\"account\":\"acct_1A2b3C\",\"startDate\":\"2020-01-01\"}",
                        Map.of("apiKeySecretRef", new CredentialRef("team", "stripe", "api-key")))));
    }

    @Test
    void aSourceKindFromTheFutureIsRefused() {
        assertThat(SourceSettings.of("team", new SyncSource(null)))
                .isInstanceOfSatisfying(
                        Reading.Invalid.class,
                        invalid -> assertThat(invalid.problem().code()).isEqualTo(SpecProblem.INVALID_SPEC));
    }

    @Test
    void aMissingDestinationIsAwaited() {
        assertThat(decide(sync(null), Optional.empty(), false)).isInstanceOf(SyncDecision.Await.class);
    }

    @Test
    void aDestinationThatWasNeverReadyIsAwaited() {
        assertThat(decide(sync(null), Optional.of(destination("False", 1)), false))
                .isInstanceOfSatisfying(
                        SyncDecision.Await.class,
                        await -> assertThat(await.problem().message()).contains("ConnectionRefused"));
    }

    @Test
    void aVerdictOnAnEarlierGenerationOfTheDestinationDoesNotCount() {
        assertThat(decide(sync(null), Optional.of(destination("True", 0)), false))
                .isInstanceOf(SyncDecision.Await.class);
    }

    @Test
    void aDestinationThatGoesNotReadyNeverStopsARunningLoop() {
        assertThat(decide(sync(null), Optional.of(destination("False", 1)), true))
                .isInstanceOf(SyncDecision.Run.class);
    }

    @Test
    void aDestinationThatCannotBeReadAnyMoreLeavesARunningLoopAsItIs() {
        Destination future = destination("True", 1);
        future.setSpec(new DestinationSpec(
                new PostgresSpec(
                        new CredentialsSecretRef("db", null, null),
                        "db",
                        null,
                        "app",
                        new Tls(TlsMode.UNKNOWN, null),
                        null),
                null));
        assertThat(decide(sync(null), Optional.of(future), true)).isInstanceOf(SyncDecision.Keep.class);
        assertThat(decide(sync(null), Optional.of(future), false)).isInstanceOf(SyncDecision.Await.class);
    }

    @Test
    void theHealthOfTheDestinationIsNotPartOfThePlan() {
        assertThat(decide(sync(null), Optional.of(destination("False", 0)), true))
                .isEqualTo(decide(sync(null), Optional.of(destination("True", 1)), false));
    }

    @Test
    void suspendWinsOverEverything() {
        assertThat(decide(sync(true), Optional.empty(), true)).isInstanceOf(SyncDecision.Suspend.class);
        assertThat(decide(sync(false), Optional.of(destination("True", 1)), false))
                .isInstanceOf(SyncDecision.Run.class);
    }
}

package io.sequin.operator.sync;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.sequin.api.v1alpha1.Condition;
import io.sequin.api.v1alpha1.CredentialsSecretRef;
import io.sequin.api.v1alpha1.Destination;
import io.sequin.api.v1alpha1.DestinationRef;
import io.sequin.api.v1alpha1.DestinationSpec;
import io.sequin.api.v1alpha1.DestinationStatus;
import io.sequin.api.v1alpha1.PostgresSpec;
import io.sequin.api.v1alpha1.SecretKeyRef;
import io.sequin.api.v1alpha1.StripeSource;
import io.sequin.api.v1alpha1.Sync;
import io.sequin.api.v1alpha1.SyncSource;
import io.sequin.api.v1alpha1.SyncSpec;
import io.sequin.api.v1alpha1.SyncStatus;
import io.sequin.data.AccountId;
import io.sequin.data.Problem;
import io.sequin.engine.Pace;
import io.sequin.engine.Reached;
import io.sequin.engine.ResyncProgress;
import io.sequin.engine.SyncSnapshot;
import io.sequin.engine.TableProgress;
import io.sequin.engine.TableState;
import io.sequin.engine.Troubles;
import io.sequin.operator.kube.Conditions;
import io.sequin.source.SourceProblem;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Objects and values for the tests of this package. */
final class SyncSamples {
    static final Instant T0 = Instant.parse("2026-11-22T10:00:00Z");

    private SyncSamples() {}

    static Sync sync(@Nullable Boolean suspend) {
        Sync sync = new Sync();
        sync.setMetadata(new ObjectMetaBuilder()
                .withNamespace("team")
                .withName("stripe")
                .withUid("u1")
                .withGeneration(1L)
                .build());
        sync.setSpec(new SyncSpec(
                new DestinationRef("warehouse"),
                "stripe",
                new SyncSource(new StripeSource(new SecretKeyRef("stripe", "api-key"), null, null)),
                null,
                "10s",
                null,
                suspend,
                null,
                null));
        return sync;
    }

    /** A Destination whose last verdict on the given generation was {@code Ready} with that status. */
    static Destination destination(String ready, long observed) {
        Destination destination = new Destination();
        destination.setMetadata(new ObjectMetaBuilder()
                .withNamespace("team")
                .withName("warehouse")
                .withUid("d1")
                .withGeneration(1L)
                .build());
        destination.setSpec(new DestinationSpec(
                new PostgresSpec(new CredentialsSecretRef("db", null, null), "db.example.com", null, "app", null, null),
                null));
        destination.setStatus(new DestinationStatus(
                observed,
                List.of(new Condition("Ready", ready, observed, T0, "ConnectionRefused", "Nobody listens.")),
                null,
                List.of(),
                null));
        return destination;
    }

    static TableProgress table(String name, TableState state) {
        return new TableProgress(name, state, state == TableState.LIVE, 10, Optional.of(T0), Optional.empty());
    }

    static TableProgress failing(String name, Problem problem) {
        return new TableProgress(name, TableState.FAILING, true, 10, Optional.of(T0), Optional.of(problem));
    }

    /** One that works, with what a person should look at. */
    static TableProgress noted(String name, long errors, Problem... notices) {
        return new TableProgress(
                name, TableState.LIVE, true, 10, Optional.of(T0), Optional.empty(), errors, List.of(notices));
    }

    static TableProgress notOffered(String name) {
        Problem problem = Problem.of(SourceProblem.NOT_OFFERED, "The account does not have the product.");
        return new TableProgress(name, TableState.NOT_OFFERED, false, 0, Optional.empty(), Optional.of(problem));
    }

    /** A loop that reached everything. */
    static SyncSnapshot reached(boolean committed, Optional<Instant> caughtUp, TableProgress... tables) {
        return new SyncSnapshot(
                Troubles.NONE,
                new Reached(true, true, committed, Optional.of(new AccountId("acct_1")), Optional.of("storage-1"), T0),
                List.of(tables),
                List.of(),
                new Pace(Optional.of(T0), caughtUp, 0, Optional.empty()));
    }

    /** All is live but for a re-sync. */
    static SyncSnapshot with(SyncSnapshot s, ResyncProgress resync) {
        return new SyncSnapshot(
                s.troubles(),
                s.reached(),
                s.tables(),
                s.retainedTables(),
                s.pace(),
                Optional.of(resync),
                Optional.empty());
    }

    static SyncSnapshot with(
            SyncSnapshot s, Optional<Problem> destination, Optional<Problem> source, Optional<Problem> schema) {
        return new SyncSnapshot(
                new Troubles(destination, source, schema), s.reached(), s.tables(), s.retainedTables(), s.pace());
    }

    static SyncView view(SyncDecision decision, Optional<SyncSnapshot> snapshot, boolean running, SyncStatus last) {
        return new SyncView(
                1,
                "stripe",
                "stripe",
                Duration.ofSeconds(10),
                decision,
                Optional.of(destination("True", 1)),
                snapshot,
                running,
                last);
    }

    /** A condition as {@code status reason}; empty where it is not there. */
    static String line(SyncStatus status, String type) {
        return Conditions.find(status.conditions(), type)
                .map(c -> c.status() + " " + c.reason())
                .orElse("");
    }
}

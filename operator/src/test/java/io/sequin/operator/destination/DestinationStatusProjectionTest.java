package io.sequin.operator.destination;

import static io.sequin.operator.destination.DestinationStatusProjection.project;
import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.api.v1alpha1.Condition;
import io.sequin.api.v1alpha1.DestinationStatus;
import io.sequin.api.v1alpha1.ServerStatus;
import io.sequin.data.CredentialRef;
import io.sequin.data.HostPort;
import io.sequin.data.Instruction;
import io.sequin.data.PostgresSettings;
import io.sequin.data.Problem;
import io.sequin.data.TlsMode;
import io.sequin.data.TlsSettings;
import io.sequin.operator.kube.Conditions;
import io.sequin.operator.kube.Reading;
import io.sequin.postgres.PostgresProblem;
import io.sequin.verify.DestinationPlan;
import io.sequin.verify.DestinationSnapshot;
import io.sequin.verify.ServerInfo;
import io.sequin.verify.Stage;
import io.sequin.verify.StageResult;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DestinationStatusProjectionTest {
    private static final Instant T0 = Instant.parse("2026-11-22T10:00:00Z");
    private static final CredentialRef SECRET = new CredentialRef("team", "db", "username");
    private static final Reading<DestinationPlan> PLAN = new Reading.Valid<>(new DestinationPlan(
            new PostgresSettings(
                    new HostPort("db", 5432),
                    "app",
                    SECRET,
                    SECRET,
                    new TlsSettings(TlsMode.DISABLE, Optional.empty()),
                    5),
            Duration.ofSeconds(60)));
    private static final Instruction GRANT = new Instruction("Grant it", "owner", "grant create on database \"app\"");
    private static final ServerInfo SERVER = new ServerInfo("16.4", "off", "sequin", "db:5432", false);

    private static final StageResult PASSED = new StageResult.Passed("Fine", "It works.");
    private static final DestinationSnapshot GOOD = snapshot(PASSED, PASSED, PASSED);
    private static final DestinationSnapshot REFUSED = snapshot(
            PASSED,
            new StageResult.Failed(Problem.of(PostgresProblem.CONNECTION_REFUSED, "Nobody listens at db:5432.")),
            new StageResult.NotReached());

    @Test
    void beforeTheFirstVerdictItIsVerifying() {
        DestinationStatus status = project(view(1, Optional.empty(), DestinationView.NO_STATUS), T0)
                .status();
        assertThat(status.observedGeneration()).isNull();
        assertThat(line(status, "Ready")).isEqualTo("Unknown Verifying 1");
        assertThat(line(status, "Reconciling")).isEqualTo("True Verifying 1");
        assertThat(status.syncs()).isEqualTo(2);
    }

    @Test
    void whenEveryStagePassesItIsReady() {
        DestinationStatus status = project(view(1, Optional.of(GOOD), DestinationView.NO_STATUS), T0)
                .status();
        assertThat(status.observedGeneration()).isEqualTo(1);
        assertThat(status.conditions())
                .extracting(Condition::type)
                .containsExactly("Ready", "CredentialsResolved", "Connected", "PermissionsVerified");
        assertThat(line(status, "Ready")).isEqualTo("True Verified 1");
        assertThat(line(status, "Connected")).isEqualTo("True Fine 1");
        assertThat(status.server()).isEqualTo(new ServerStatus("16.4", "off", "sequin", "db:5432", false));
        assertThat(status.instructions()).isEmpty();
    }

    @Test
    void theFirstFailureDecidesAndLaterStagesAreNotReached() {
        DestinationStatus status = project(view(1, Optional.of(REFUSED), DestinationView.NO_STATUS), T0)
                .status();
        assertThat(status.observedGeneration()).isEqualTo(1);
        assertThat(line(status, "Ready")).isEqualTo("False ConnectionRefused 1");
        assertThat(line(status, "CredentialsResolved")).isEqualTo("True Fine 1");
        assertThat(line(status, "Connected")).isEqualTo("False ConnectionRefused 1");
        assertThat(line(status, "PermissionsVerified")).isEqualTo("Unknown NotReached 1");
        assertThat(line(status, "Reconciling")).isEqualTo("True ConnectionRefused 1");
        assertThat(line(status, "Stalled")).isEmpty();
    }

    @Test
    void aFailureStallsWhenItLastsAndRecovers() {
        DestinationStatus first = project(view(1, Optional.of(REFUSED), DestinationView.NO_STATUS), T0)
                .status();
        DestinationStatus later = project(view(1, Optional.of(REFUSED), first), T0.plusSeconds(120))
                .status();
        assertThat(line(later, "Stalled")).isEqualTo("True ConnectionRefused 1");
        assertThat(line(later, "Reconciling")).isEmpty();
        DestinationStatus good =
                project(view(1, Optional.of(GOOD), later), T0.plusSeconds(180)).status();
        assertThat(line(good, "Ready")).isEqualTo("True Verified 1");
        assertThat(line(good, "Stalled")).isEmpty();
        assertThat(line(good, "Reconciling")).isEmpty();
    }

    @Test
    void aNewGenerationGetsItsOwnTimeBeforeItStalls() {
        DestinationStatus stalled = project(
                        view(
                                1,
                                Optional.of(REFUSED),
                                project(view(1, Optional.of(REFUSED), DestinationView.NO_STATUS), T0)
                                        .status()),
                        T0.plusSeconds(600))
                .status();
        DestinationStatus verifying =
                project(view(2, Optional.empty(), stalled), T0.plusSeconds(700)).status();
        assertThat(verifying.observedGeneration()).isEqualTo(1);
        assertThat(line(verifying, "Ready")).isEqualTo("Unknown Verifying 2");
        assertThat(line(verifying, "Connected")).isEqualTo("False ConnectionRefused 1");
        assertThat(line(verifying, "Stalled")).isEmpty();
        DestinationStatus failing = project(view(2, Optional.of(REFUSED), verifying), T0.plusSeconds(701))
                .status();
        assertThat(failing.observedGeneration()).isEqualTo(2);
        assertThat(line(failing, "Reconciling")).isEqualTo("True ConnectionRefused 2");
        assertThat(line(failing, "Stalled")).isEmpty();
    }

    @Test
    void withoutANewVerdictTheOldOneOfTheSameGenerationStays() {
        DestinationStatus good = project(view(1, Optional.of(GOOD), DestinationView.NO_STATUS), T0)
                .status();
        assertThat(project(view(1, Optional.empty(), good), T0.plusSeconds(900)).status())
                .isEqualTo(good);
    }

    @Test
    void theSameVerdictAgainChangesNothing() {
        DestinationStatus good = project(view(1, Optional.of(GOOD), DestinationView.NO_STATUS), T0)
                .status();
        assertThat(project(view(1, Optional.of(GOOD), good), T0.plusSeconds(900))
                        .status())
                .isEqualTo(good);
    }

    @Test
    void aSpecThatCannotBeFollowedIsStalledAtOnce() {
        Reading<DestinationPlan> invalid = Reading.invalid("spec has none of the kinds");
        DestinationStatus status = project(
                        new DestinationView(3, invalid, Optional.empty(), DestinationView.NO_STATUS, 0), T0)
                .status();
        assertThat(status.observedGeneration()).isEqualTo(3);
        assertThat(line(status, "Ready")).isEqualTo("False InvalidSpec 3");
        assertThat(line(status, "Connected")).isEqualTo("Unknown NotReached 3");
        assertThat(line(status, "Stalled")).isEqualTo("True InvalidSpec 3");
    }

    @Test
    void anOverPrivilegedUserIsReadyAndGetsInstructions() {
        StageResult warned =
                new StageResult.Warned(Problem.of(PostgresProblem.OVER_PRIVILEGED, "sequin is a superuser.", GRANT));
        DestinationStatus status = project(
                        view(1, Optional.of(snapshot(PASSED, PASSED, warned)), DestinationView.NO_STATUS), T0)
                .status();
        assertThat(line(status, "Ready")).isEqualTo("True Verified 1");
        assertThat(line(status, "PermissionsVerified")).isEqualTo("True OverPrivileged 1");
        assertThat(status.instructions())
                .containsExactly(new io.sequin.api.v1alpha1.Instruction(GRANT.summary(), GRANT.runAs(), GRANT.sql()));
    }

    @Test
    void missingGrantsShowAtOnceWithTheirInstructions() {
        StageResult failed =
                new StageResult.Failed(Problem.of(PostgresProblem.MISSING_GRANTS, "No CREATE on app.", GRANT));
        DestinationStatus status = project(
                        view(1, Optional.of(snapshot(PASSED, PASSED, failed)), DestinationView.NO_STATUS), T0)
                .status();
        assertThat(line(status, "Ready")).isEqualTo("False MissingGrants 1");
        assertThat(status.instructions()).hasSize(1);
    }

    @Test
    void aServerOfAnEarlierGenerationIsNotShown() {
        DestinationStatus good = project(view(1, Optional.of(GOOD), DestinationView.NO_STATUS), T0)
                .status();
        DestinationSnapshot blind = new DestinationSnapshot(REFUSED.stages(), Optional.empty());
        assertThat(project(view(1, Optional.of(blind), good), T0).status().server())
                .isEqualTo(good.server());
        assertThat(project(view(2, Optional.of(blind), good), T0).status().server())
                .isNull();
    }

    private static DestinationView view(
            long generation, Optional<DestinationSnapshot> verdict, DestinationStatus last) {
        return new DestinationView(generation, PLAN, verdict, last, 2);
    }

    private static DestinationSnapshot snapshot(StageResult credentials, StageResult connected, StageResult grants) {
        return new DestinationSnapshot(
                Map.of(
                        Stage.CREDENTIALS_RESOLVED, credentials,
                        Stage.CONNECTED, connected,
                        Stage.PERMISSIONS_VERIFIED, grants),
                Optional.of(SERVER));
    }

    private static String line(DestinationStatus status, String type) {
        return Conditions.find(status.conditions(), type)
                .map(c -> c.status() + " " + c.reason() + " " + c.observedGeneration())
                .orElse("");
    }
}

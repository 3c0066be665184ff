package io.sequin.operator.sync;

import static io.sequin.operator.sync.SyncSamples.T0;
import static io.sequin.operator.sync.SyncSamples.line;
import static io.sequin.operator.sync.SyncSamples.reached;
import static io.sequin.operator.sync.SyncSamples.table;
import static io.sequin.operator.sync.SyncSamples.view;
import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.api.v1alpha1.SyncStatus;
import io.sequin.data.Problem;
import io.sequin.engine.Pace;
import io.sequin.engine.Reached;
import io.sequin.engine.SyncSnapshot;
import io.sequin.engine.TableState;
import io.sequin.engine.Troubles;
import io.sequin.operator.kube.SpecProblem;
import io.sequin.postgres.PostgresProblem;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the status says between the beginning of a loop and the opening of its schema. */
class StatusWhileOpeningTest {
    private static final SyncDecision RUN =
            SyncDecision.of(SyncSamples.sync(null), Optional.of(SyncSamples.destination("True", 1)), "cluster", false);
    private static final SyncSnapshot LIVE = reached(true, Optional.of(T0), table("charge", TableState.LIVE));
    /** The source has answered. */
    private static final SyncSnapshot OPENING = new SyncSnapshot(
            Troubles.NONE,
            new Reached(true, false, false, Optional.empty(), Optional.empty(), T0),
            List.of(table("charge", TableState.PENDING)),
            List.of(),
            Pace.NONE);

    private static SyncStatus project(SyncSnapshot snapshot, SyncStatus last) {
        return project(snapshot, last, T0).status();
    }

    private static SyncStatusProjection.Projected project(SyncSnapshot snapshot, SyncStatus last, Instant now) {
        return SyncStatusProjection.project(view(RUN, Optional.of(snapshot), true, last), now);
    }

    private static SyncStatus live() {
        return project(LIVE, SyncView.NO_STATUS);
    }

    @Test
    void aReadySyncStaysAsItWasUntilItsSchemaIsOpenAgain() {
        assertThat(project(OPENING, live())).isEqualTo(live());
    }

    @Test
    void butNoLongerThanChangesMayLag() {
        Instant due = T0.plus(
                SyncFindings.lagLimit(view(RUN, Optional.empty(), true, live()).pollInterval()));

        assertThat(project(OPENING, live(), due.minusMillis(1)).next()).contains(due);
        assertThat(line(project(OPENING, live(), due).status(), "Ready")).isNotEqualTo("True Live");
        assertThat(line(project(OPENING, live(), due).status(), "UpToDate")).isNotEqualTo("True Live");
    }

    @Test
    void afterAChangeOfItsSpecNothingIsSaidOfItsTablesBeforeTheyAreKnownAgain() {
        SyncStatus live = live();
        SyncView edited = view(RUN, Optional.of(OPENING), true, live);
        SyncView next = new SyncView(
                edited.generation() + 1,
                edited.schema(),
                edited.source(),
                edited.pollInterval(),
                edited.decision(),
                edited.destination(),
                edited.snapshot(),
                edited.running(),
                live);
        SyncStatus status = SyncStatusProjection.project(next, T0).status();
        assertThat(line(status, "Ready")).isEqualTo("Unknown Starting");
        assertThat(line(status, "BackfillComplete")).isEqualTo(line(live, "BackfillComplete"));
        assertThat(status.rows()).isEqualTo(live.rows());
        assertThat(status.tables()).isEqualTo(live.tables());
        assertThat(status.observedGeneration()).isEqualTo(live.observedGeneration());
    }

    @Test
    void aTableThatCanNotBeOpenedAgainShowsAtOnce() {
        SyncSnapshot failing = new SyncSnapshot(
                Troubles.NONE,
                OPENING.reached(),
                List.of(
                        table("charge", TableState.LIVE),
                        SyncSamples.failing("refund", Problem.of(PostgresProblem.TABLE_CONFLICT, "Of another role."))),
                List.of(),
                Pace.NONE);

        assertThat(project(failing, live())).isNotEqualTo(live());
    }

    @Test
    void whatKeepsALoopFromOpeningTheSchemaAgainShowsAtOnce() {
        Problem conflict = Problem.of(PostgresProblem.SCHEMA_CONFLICT, "Somebody else's.");
        SyncSnapshot refused = SyncSamples.with(OPENING, Optional.empty(), Optional.empty(), Optional.of(conflict));

        assertThat(line(project(refused, live()), "Ready")).isEqualTo("False SchemaConflict");
    }

    @Test
    void aSyncThatWasNotReadyShowsEachStep() {
        SyncDecision refuse = new SyncDecision.Refuse(Problem.of(SpecProblem.INTERNAL_ERROR, "A mistake."));
        SyncStatus broken = SyncStatusProjection.project(view(refuse, Optional.empty(), false, SyncView.NO_STATUS), T0)
                .status();

        SyncStatus status = project(OPENING, broken);

        assertThat(line(status, "Ready")).isEqualTo("Unknown Starting");
        assertThat(line(status, "SourceReady")).isEqualTo("True Reachable");
    }
}

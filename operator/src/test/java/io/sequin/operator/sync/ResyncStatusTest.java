package io.sequin.operator.sync;

import static io.sequin.operator.sync.SyncSamples.T0;
import static io.sequin.operator.sync.SyncSamples.line;
import static io.sequin.operator.sync.SyncSamples.reached;
import static io.sequin.operator.sync.SyncSamples.table;
import static io.sequin.operator.sync.SyncSamples.view;
import static io.sequin.operator.sync.SyncSamples.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.api.v1alpha1.SyncResyncStatus;
import io.sequin.api.v1alpha1.SyncStatus;
import io.sequin.data.Problem;
import io.sequin.engine.ResyncProgress;
import io.sequin.engine.SyncSnapshot;
import io.sequin.engine.TableState;
import io.sequin.operator.kube.Conditions;
import io.sequin.postgres.PostgresProblem;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a re-sync looks like to users. */
class ResyncStatusTest {
    private static final SyncSnapshot LIVE =
            reached(true, Optional.of(T0), table("charge", TableState.LIVE), table("refund", TableState.LIVE));
    private static final Problem WAITS =
            Problem.of(PostgresProblem.DELETES_NEED_CONFIRMATION, "Table charge: 301 of 1000 rows are gone.");

    private static SyncStatus status(SyncSnapshot snapshot) {
        SyncView view = view(new SyncDecision.Keep(WAITS), Optional.of(snapshot), true, SyncView.NO_STATUS);
        return SyncStatusProjection.project(view, T0).status();
    }

    private static SyncStatus status(ResyncProgress resync) {
        return status(with(LIVE, resync));
    }

    private static ResyncProgress progress(Set<String> left, Set<String> unknown, Map<String, Problem> waiting) {
        return new ResyncProgress(Optional.of("old"), Optional.of("new"), left, unknown, waiting);
    }

    private static String message(SyncStatus status) {
        return String.valueOf(
                Conditions.find(status.conditions(), "Ready").orElseThrow().message());
    }

    @Test
    void whileItRunsAllTablesStayReadyAndComplete() {
        SyncStatus status = status(progress(Set.of("refund", "charge"), Set.of(), Map.of()));
        assertThat(line(status, "Ready")).isEqualTo("True Backfilling");
        assertThat(message(status)).contains("2 tables to go, charge, refund");
        assertThat(line(status, "UpToDate")).isEqualTo("False Backfilling");
        assertThat(line(status, "BackfillComplete")).isEqualTo("True Complete");
        assertThat(status.resync()).isEqualTo(new SyncResyncStatus("old", "new"));
    }

    @Test
    void deletesThatWaitForAPersonHaveAReasonOfTheirOwn() {
        SyncStatus status = status(progress(Set.of("refund", "charge"), Set.of(), Map.of("charge", WAITS)));
        assertThat(line(status, "Ready")).isEqualTo("True DeletesNeedConfirmation");
        assertThat(message(status)).isEqualTo(WAITS.message());
        assertThat(line(status, "UpToDate")).isEqualTo("False DeletesNeedConfirmation");
        assertThat(line(status, "Stalled") + line(status, "Reconciling")).isEmpty();
    }

    @Test
    void aTableThatIsNotFilledIsNamedWithTheFieldAndTheCure() {
        SyncStatus status = status(progress(Set.of(), Set.of("invoise"), Map.of()));
        assertThat(line(status, "Ready")).isEqualTo("True ResyncTableUnknown");
        assertThat(message(status))
                .contains("spec.resync.tables")
                .contains("invoise")
                .contains("Correct the names");
    }

    @Test
    void whenItIsDoneTheSyncIsLiveAndTheTokenIsShown() {
        SyncStatus status =
                status(new ResyncProgress(Optional.of("2026-11-22"), Optional.empty(), Set.of(), Set.of(), Map.of()));
        assertThat(line(status, "Ready")).isEqualTo("True Live");
        assertThat(line(status, "UpToDate")).isEqualTo("True Live");
        assertThat(status.resync()).isEqualTo(new SyncResyncStatus("2026-11-22", null));
    }

    @Test
    void theTokenStaysWhileTheDatabaseIsNotReached() {
        SyncStatus last = status(progress(Set.of(), Set.of(), Map.of()));
        SyncView view = view(new SyncDecision.Keep(WAITS), Optional.of(LIVE), true, last);
        assertThat(SyncStatusProjection.project(view, T0).status().resync()).isEqualTo(last.resync());
    }

    @Test
    void aTableThatFailsIsShownFirst() {
        SyncSnapshot failing =
                reached(true, Optional.of(T0), table("charge", TableState.LIVE), SyncSamples.failing("refund", WAITS));
        assertThat(line(status(with(failing, progress(Set.of("charge"), Set.of(), Map.of()))), "Ready"))
                .isEqualTo("True TablesFailing");
    }
}

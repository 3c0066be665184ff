package io.sequin.operator.sync;

import static io.sequin.operator.sync.SyncSamples.T0;
import static io.sequin.operator.sync.SyncSamples.failing;
import static io.sequin.operator.sync.SyncSamples.line;
import static io.sequin.operator.sync.SyncSamples.noted;
import static io.sequin.operator.sync.SyncSamples.reached;
import static io.sequin.operator.sync.SyncSamples.table;
import static io.sequin.operator.sync.SyncSamples.view;
import static io.sequin.operator.sync.SyncSamples.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.api.v1alpha1.SyncStatus;
import io.sequin.api.v1alpha1.TableStatus;
import io.sequin.data.Instruction;
import io.sequin.data.Problem;
import io.sequin.engine.ResyncProgress;
import io.sequin.engine.SyncSnapshot;
import io.sequin.engine.TableProgress;
import io.sequin.engine.TableState;
import io.sequin.operator.kube.Conditions;
import io.sequin.postgres.PostgresProblem;
import io.sequin.source.SourceProblem;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Whatever Ready and SchemaReady say, each table's message has all that a person must know of it. */
class TableNoticesTest {
    private static final Problem REFUSED = Problem.of(PostgresProblem.DELETE_REFUSED, "A constraint refuses it");

    private static Problem sweep(String table) {
        return Problem.of(
                PostgresProblem.DELETES_NEED_CONFIRMATION,
                "Table " + table + ": rows are gone, set spec.deleteGuard.confirm: " + table + "-aaaa");
    }

    private static Problem purge(String table) {
        Instruction byHand = new Instruction("Or by hand", "the owner", "delete from " + table + ";");
        return new Problem(
                PostgresProblem.DELETES_NEED_CONFIRMATION,
                "Table " + table + ": marked rows, set spec.deleteGuard.confirm: " + table + "-bbbb",
                List.of(byHand),
                Optional.empty());
    }

    private static Problem drift(int words) {
        Instruction cure = new Instruction("Alter it", "the owner", "alter table t;");
        return new Problem(
                PostgresProblem.TYPE_DRIFT, "Columns drifted. " + "x ".repeat(words), List.of(cure), Optional.empty());
    }

    private static SyncSnapshot waiting(SyncSnapshot snapshot, String... tables) {
        Map<String, Problem> waiting = new TreeMap<>();
        for (String table : tables) {
            waiting.put(table, sweep(table));
        }
        return with(
                snapshot, new ResyncProgress(Optional.empty(), Optional.empty(), waiting.keySet(), Set.of(), waiting));
    }

    private static SyncStatus status(SyncSnapshot snapshot) {
        SyncView view = view(new SyncDecision.Keep(REFUSED), Optional.of(snapshot), true, SyncView.NO_STATUS);
        return SyncStatusProjection.project(view, T0).status();
    }

    private static SyncSnapshot live(TableProgress... tables) {
        return reached(true, Optional.of(T0), tables);
    }

    private static String message(SyncStatus status, String table) {
        return status.tables().stream()
                .filter(t -> table.equals(t.name()))
                .map(TableStatus::message)
                .map(String::valueOf)
                .findFirst()
                .orElseThrow();
    }

    private static String condition(SyncStatus status, String type) {
        return String.valueOf(
                Conditions.find(status.conditions(), type).orElseThrow().message());
    }

    @Test
    void everyTableWhoseDeletesWaitHasItsCodeInItsMessageAndReadyNamesTheOthers() {
        SyncStatus status = status(waiting(
                live(table("charge", TableState.LIVE), table("customer", TableState.LIVE)), "charge", "customer"));
        assertThat(message(status, "charge")).contains("spec.deleteGuard.confirm: charge-aaaa");
        assertThat(message(status, "customer")).contains("spec.deleteGuard.confirm: customer-aaaa");
        assertThat(line(status, "Ready")).isEqualTo("True DeletesNeedConfirmation");
        assertThat(condition(status, "Ready")).contains("charge-aaaa").endsWith("in status.tables: customer.");
    }

    @Test
    void aCodeStaysVisibleWhileAnotherTableFails() {
        SyncStatus status = status(waiting(live(table("charge", TableState.LIVE), failing("b", REFUSED)), "charge"));
        assertThat(line(status, "Ready")).isEqualTo("True TablesFailing");
        assertThat(message(status, "charge")).contains("charge-aaaa");
    }

    @Test
    void aCodeStaysVisibleWhileTheQuotaIsParked() {
        Problem quota =
                new Problem(SourceProblem.RATE_LIMITED, "Used up", List.of(), Optional.of(T0.plusSeconds(7200)));
        SyncSnapshot parked = SyncSamples.with(
                live(table("charge", TableState.LIVE)), Optional.empty(), Optional.of(quota), Optional.empty());
        SyncStatus status = status(waiting(parked, "charge"));
        assertThat(line(status, "Ready")).isEqualTo("True QuotaParked");
        assertThat(message(status, "charge")).contains("charge-aaaa");
    }

    @Test
    void aTableThatFailsShowsWhyAndItsCode() {
        SyncStatus status = status(waiting(live(table("a", TableState.LIVE), failing("charge", REFUSED)), "charge"));
        assertThat(message(status, "charge"))
                .startsWith("A constraint refuses it. Table charge:")
                .contains("charge-aaaa");
    }

    @Test
    void aLongDriftHidesNeitherTheCodeOfItsTableNorTheRecordsSetAside() {
        SyncStatus status = status(live(noted("charge", 3, drift(2000), purge("charge")), noted("refund", 1)));
        assertThat(message(status, "charge")).contains("Columns drifted", "charge-bbbb", "_sync_error");
        assertThat(message(status, "refund")).contains("_sync_error");
        assertThat(line(status, "SchemaReady")).isEqualTo("True TypeDrift");
        assertThat(condition(status, "SchemaReady")).endsWith("in status.tables: charge, refund.");
    }

    @Test
    void theStatementsOfAllNoticesOfATableAreInstructions() {
        SyncStatus status = status(live(noted("charge", 0, drift(1), purge("charge"))));
        assertThat(status.instructions())
                .extracting(io.sequin.api.v1alpha1.Instruction::sql)
                .containsExactly("alter table t;", "delete from charge;");
    }

    @Test
    void aTableWithACodeComesBeforeThoseThatAreWell() {
        SyncStatus status =
                status(waiting(live(table("a", TableState.LIVE), table("charge", TableState.LIVE)), "charge"));
        assertThat(status.tables().getFirst().name()).isEqualTo("charge");
        assertThat(message(status, "a")).isEqualTo("null");
    }
}

package io.sequin.operator.sync;

import static io.sequin.operator.sync.SyncSamples.T0;
import static io.sequin.operator.sync.SyncSamples.noted;
import static io.sequin.operator.sync.SyncSamples.reached;
import static io.sequin.operator.sync.SyncSamples.table;
import static io.sequin.operator.sync.SyncSamples.view;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.sequin.api.v1alpha1.Condition;
import io.sequin.api.v1alpha1.SyncStatus;
import io.sequin.api.v1alpha1.TableStatus;
import io.sequin.data.Instruction;
import io.sequin.data.Problem;
import io.sequin.data.ResourceKey;
import io.sequin.engine.SyncSnapshot;
import io.sequin.engine.TableProgress;
import io.sequin.engine.TableState;
import io.sequin.operator.kube.Conditions;
import io.sequin.operator.kube.Finding;
import io.sequin.operator.kube.LoopEvents;
import io.sequin.operator.kube.Resources;
import io.sequin.operator.kube.StatusWrites;
import io.sequin.postgres.PostgresProblem;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Tables with something that a person should look at, which leaves their Sync ready. */
class NotedTablesTest {
    private static final SyncDecision RUN =
            SyncDecision.of(SyncSamples.sync(null), Optional.of(SyncSamples.destination("True", 1)), "cluster", false);
    private static final SyncSnapshot LIVE = reached(true, Optional.of(T0), table("charge", TableState.LIVE));
    private static final ResourceKey KEY = Resources.key(SyncSamples.sync(null));

    private static SyncStatus live() {
        return project(view(RUN, Optional.of(LIVE), true, SyncView.NO_STATUS));
    }

    private static SyncStatus project(SyncView view) {
        return SyncStatusProjection.project(view, T0).status();
    }

    private static SyncStatus with(TableProgress... tables) {
        return project(view(RUN, Optional.of(reached(true, Optional.of(T0), tables)), true, live()));
    }

    private static Condition schemaReady(SyncStatus status) {
        return Conditions.find(status.conditions(), SyncCondition.SCHEMA_READY.type())
                .orElseThrow();
    }

    @Test
    void recordsSetAsideLeaveTheSyncReadyAndAreNamedWithTheStatementThatShowsThem() {
        SyncStatus status = with(table("charge", TableState.LIVE), noted("refund", 3));
        assertThat(Conditions.is(status.conditions(), "Ready", Finding.State.TRUE))
                .isTrue();
        assertThat(schemaReady(status).status()).isEqualTo("True");
        assertThat(schemaReady(status).reason()).isEqualTo("RecordsSetAside");
        assertThat(schemaReady(status).message()).contains("refund", "from \"stripe\"._sync_error");
        assertThat(status.tables())
                .extracting(TableStatus::name, TableStatus::errors)
                .containsExactly(tuple("refund", 3L), tuple("charge", null));
    }

    @Test
    void moreRecordsSetAsideOnlyCountOn() {
        SyncStatus three = with(noted("charge", 3));
        SyncStatus four = with(noted("charge", 4));
        StatusWrites.Answer answer = new StatusWrites.Answer("7", "digest");
        Optional<StatusWrites.Written<SyncStatus>> written =
                Optional.of(new StatusWrites.Written<>(KEY, three, T0, answer));
        assertThat(Counters.heldUntil(written, four, T0)).isPresent();
        assertThat(Counters.heldUntil(written, live(), T0)).isEmpty();
        SyncNews news = new SyncNews(new LoopEvents<>());
        assertThat(news.isNews(KEY, reached(true, Optional.of(T0), noted("charge", 3))))
                .isTrue();
        assertThat(news.isNews(KEY, reached(true, Optional.of(T0), noted("charge", 4))))
                .isFalse();
        assertThat(news.isNews(KEY, LIVE)).isTrue();
    }

    @Test
    void aColumnOfAnotherTypeLeavesTheSyncReadyAndShowsItsCure() {
        Instruction cure = new Instruction("Give the column its type", "the owner", "alter table t;");
        Problem drift = new Problem(PostgresProblem.TYPE_DRIFT, "Columns drifted.", List.of(cure), Optional.empty());
        SyncStatus status = with(noted("charge", 0, drift));
        assertThat(Conditions.is(status.conditions(), "Ready", Finding.State.TRUE))
                .isTrue();
        assertThat(schemaReady(status).reason()).isEqualTo("TypeDrift");
        assertThat(status.tables().getFirst().message()).isEqualTo("Columns drifted.");
        assertThat(status.instructions())
                .singleElement()
                .satisfies(i -> assertThat(i.sql()).isEqualTo("alter table t;"));
    }
}

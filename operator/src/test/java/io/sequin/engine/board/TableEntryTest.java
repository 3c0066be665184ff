package io.sequin.engine.board;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.data.Problem;
import io.sequin.data.TablePhase;
import io.sequin.postgres.PostgresProblem;
import io.sequin.postgres.load.TableStatus;
import io.sequin.postgres.load.Upkeep;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TableEntryTest {
    private static final TableStatus LIVE = new TableStatus(TablePhase.LIVE, 3, Optional.empty());
    private static final Problem DRIFT = Problem.of(PostgresProblem.TYPE_DRIFT, "another type");
    private static final Problem KEPT_OUT = Problem.of(PostgresProblem.ROWS_KEPT_OUT, "a trigger");

    @Test
    void whatACommitNoticesIsSaidOnceBesideTheRestUntilTheTableIsMadeSureOfAgain() {
        TableStatus noticed = LIVE.with(List.of(KEPT_OUT), Upkeep.NONE);
        TableEntry entry = TableEntry.UNKNOWN
                .ensured(LIVE.with(List.of(DRIFT), Upkeep.NONE))
                .with(noticed)
                .with(noticed)
                .with(LIVE);
        assertThat(entry.progress("t", Optional.empty()).notices()).containsExactly(DRIFT, KEPT_OUT);
        assertThat(entry.takesRows()).isTrue();
        assertThat(entry.ensured(LIVE).progress("t", Optional.empty()).notices())
                .isEmpty();
    }
}

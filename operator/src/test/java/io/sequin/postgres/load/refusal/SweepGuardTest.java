package io.sequin.postgres.load.refusal;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.data.DeleteGuard;
import io.sequin.data.Problem;
import io.sequin.postgres.PostgresProblem;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SweepGuardTest {
    private static SweepGuard.Deletion deletion(long gone, long rows) {
        return new SweepGuard.Deletion("charge", "storage/lane/1", gone, rows);
    }

    private static Optional<Problem> refusal(long gone, long rows, int maxPercent) {
        return SweepGuard.refuse(deletion(gone, rows), new DeleteGuard(maxPercent, Optional.empty()));
    }

    @Test
    void upToAHundredRowsMayAlwaysGo() {
        assertThat(refusal(100, 100, 0)).isEmpty();
        assertThat(refusal(101, 101, 0)).isPresent();
    }

    @Test
    void moreRowsMayGoUpToTheShareAndNotOneMore() {
        assertThat(refusal(300, 1_000, 30)).isEmpty();
        assertThat(refusal(301, 1_000, 30)).isPresent();
        assertThat(refusal(1_000, 1_000, 100)).isEmpty();
        assertThat(refusal(101, 1_000_000, 0)).isPresent();
    }

    @Test
    void aRefusalSaysHowManyOfHowManyAndTheLineToWrite() {
        Problem problem = refusal(301, 1_000, 30).orElseThrow();
        assertThat(problem.code()).isEqualTo(PostgresProblem.DELETES_NEED_CONFIRMATION);
        assertThat(problem.message())
                .contains("charge: 301 of 1000 rows")
                .contains("spec.deleteGuard.maxPercent (30)")
                .contains("spec.deleteGuard.confirm: " + deletion(301, 1_000).code());
    }

    @Test
    void theCodeNamesTheTableAndLetsItThrough() {
        String code = deletion(301, 1_000).code();
        assertThat(code).matches("charge-[0-9a-f]{4}");
        assertThat(SweepGuard.refuse(deletion(301, 1_000), new DeleteGuard(30, Optional.of(code))))
                .isEmpty();
    }

    @Test
    void aCodeFitsOneDeletionOnly() {
        DeleteGuard confirmed =
                new DeleteGuard(30, Optional.of(deletion(301, 1_000).code()));
        assertThat(SweepGuard.refuse(deletion(302, 1_000), confirmed)).isPresent();
        assertThat(SweepGuard.refuse(new SweepGuard.Deletion("charge", "storage/lane/2", 301, 1_000), confirmed))
                .isPresent();
        assertThat(SweepGuard.refuse(new SweepGuard.Deletion("refund", "storage/lane/1", 301, 1_000), confirmed))
                .isPresent();
    }
}

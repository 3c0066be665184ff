package io.sequin.postgres.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sequin.data.Problem;
import io.sequin.postgres.PostgresProblem;
import io.sequin.postgres.TableException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PieceSizeTest {
    private final PieceSize size = new PieceSize(10_000);

    private void fails(int tried, PostgresProblem code) {
        TableException failure = new TableException("charge", Problem.of(code, "no"), null, null);
        assertThatThrownBy(() -> size.of(tried, () -> {
                    throw failure;
                }))
                .isSameAs(failure);
    }

    @Test
    void whatTookTooLongIsTriedWithATenthAndInTheEndWithASingleRow() {
        assertThat(size.rows()).isEqualTo(10_000);
        fails(10_000, PostgresProblem.STATEMENT_TIMEOUT);
        assertThat(size.rows()).isEqualTo(1_000);
        fails(300, PostgresProblem.STATEMENT_TIMEOUT);
        assertThat(size.rows()).isEqualTo(30);
        fails(30, PostgresProblem.STATEMENT_TIMEOUT);
        fails(3, PostgresProblem.STATEMENT_TIMEOUT);
        fails(1, PostgresProblem.STATEMENT_TIMEOUT);
        assertThat(size.rows()).isEqualTo(1);
    }

    @Test
    void itGrowsAgainAfterFullPiecesThatWereQuick() {
        fails(10_000, PostgresProblem.STATEMENT_TIMEOUT);
        assertThat(size.of(999, () -> "some")).isEqualTo("some");
        assertThat(size.rows()).as("a smaller one tells nothing").isEqualTo(1_000);
        size.done(1_000, PieceSize.QUICK.minusMillis(1));
        assertThat(size.rows()).isEqualTo(2_000);
        size.done(2_000, PieceSize.QUICK);
        assertThat(size.rows()).as("long enough").isEqualTo(2_000);
        for (int i = 0; i < 5; i++) {
            size.done(size.rows(), Duration.ZERO);
        }
        assertThat(size.rows()).as("as usual").isEqualTo(10_000);
    }

    @Test
    void otherFailuresLeaveItAsItIs() {
        fails(10_000, PostgresProblem.LOCK_TIMEOUT);
        fails(10_000, PostgresProblem.DELETE_REFUSED);
        assertThat(size.rows()).isEqualTo(10_000);
    }

    @Test
    void oneWithoutABoundGrowsWithoutEnd() {
        PieceSize boundless = new PieceSize(Integer.MAX_VALUE);
        boundless.done(Integer.MAX_VALUE, Duration.ZERO);
        assertThat(boundless.rows()).isEqualTo(Integer.MAX_VALUE);
    }
}

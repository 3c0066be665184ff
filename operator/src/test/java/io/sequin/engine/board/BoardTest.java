package io.sequin.engine.board;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.ManualClock;
import io.sequin.engine.SyncSnapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is published of a Sync, and when. */
class BoardTest {
    @Test
    void aLaneIsSaidToBeAliveOnceASecondAlsoWhereTheClockIsSetBack() {
        ManualClock clock = new ManualClock();
        List<SyncSnapshot> published = new ArrayList<>();
        Board board = new Board(published::add, clock);
        board.beat();
        board.beat();
        assertThat(published).hasSize(1);
        clock.advance(Duration.ofSeconds(1));
        board.beat();
        assertThat(published).hasSize(2);
        clock.advance(Duration.ofHours(-1));
        board.beat();
        board.beat();
        assertThat(published).hasSize(3);
    }
}

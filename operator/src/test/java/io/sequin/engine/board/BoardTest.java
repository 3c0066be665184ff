package io.sequin.engine.board;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.ManualClock;
import io.sequin.data.AccountId;
import io.sequin.data.Catalog;
import io.sequin.data.Checkpoint;
import io.sequin.data.Column;
import io.sequin.data.ColumnType;
import io.sequin.data.Encoding;
import io.sequin.data.Json;
import io.sequin.data.LaneId;
import io.sequin.data.Problem;
import io.sequin.data.TablePhase;
import io.sequin.data.TableShape;
import io.sequin.engine.SyncSnapshot;
import io.sequin.engine.trouble.Trouble;
import io.sequin.postgres.PostgresProblem;
import io.sequin.postgres.load.Committed;
import io.sequin.postgres.load.LaneState;
import io.sequin.postgres.load.TableStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
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

    @Test
    void whatATailMetOfATableIsOverOnceItHasWrittenToThat() {
        LaneId tail = new LaneId("refresh:r");
        List<SyncSnapshot> published = new ArrayList<>();
        Board board = new Board(published::add, new ManualClock());
        Column id = new Column("id", "id", ColumnType.TEXT, Encoding.PLAIN);
        board.reached(
                new AccountId("acct_1"),
                new Catalog(Stream.of("r", "s")
                        .map(name -> new TableShape(name, List.of(id), List.of("id")))
                        .toList()));
        TableStatus live = new TableStatus(TablePhase.LIVE, 3, Optional.empty());
        for (String table : List.of("r", "s")) {
            board.ensured(table, live);
            Problem locked = Problem.of(PostgresProblem.LOCK_TIMEOUT, "locked");
            board.tailFailed(tail, new Trouble(Trouble.Area.DESTINATION, Optional.of(table), locked));
        }
        LaneState at = new LaneState(1, new Checkpoint(Json.of("1")));
        board.committed(new LaneId("events"), new Committed(at, Map.of("r", live), 1));
        assertThat(board.isFailing("r")).as("another lane has").isTrue();
        board.committed(tail, new Committed(at, Map.of("r", live), 1));
        assertThat(board.isFailing("r")).isFalse();
        assertThat(board.isFailing("s")).as("of which it has written nothing").isTrue();
    }
}

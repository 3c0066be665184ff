package io.sequin.engine.pass;

import io.sequin.data.Scope;
import io.sequin.data.SmallMap;
import io.sequin.data.TablePhase;
import io.sequin.engine.board.Board;
import io.sequin.engine.commit.Committer;
import io.sequin.engine.lane.LaneTrack;
import io.sequin.engine.lane.OpenSync;
import io.sequin.engine.order.RequestOrder;
import io.sequin.engine.parts.EngineParts;
import io.sequin.postgres.load.Batch;
import io.sequin.postgres.load.DirtyMarks;
import io.sequin.postgres.load.LaneState;
import io.sequin.postgres.load.Upkeep;
import io.sequin.source.Lane;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides which tables are listed again, since more of their rows are dirty than are worth fetching one by one. */
final class ListAgain {
    private static final Logger LOG = LoggerFactory.getLogger(ListAgain.class);

    private final Committer committer;
    private final Board board;
    private final EngineParts parts;
    /** How many keys were left dirty when a table was listed again: those no listing takes away. */
    private final SmallMap<String, Long> stayed = new SmallMap<>();

    ListAgain(Committer committer, Board board, EngineParts parts) {
        this.committer = committer;
        this.board = board;
        this.parts = parts;
    }

    /**
     * Where more keys of a table are dirty than are worth fetching one by one, its first pass starts again from the start;
     * only what was reported to be deleted stays dirty, since no list shows it. Where that pass is under way, it goes on:
     * it would not take less time. So does a table whose list leaves rows out: their keys would be lost.
     */
    void run(LaneTrack track) throws InterruptedException {
        Lane lane = track.lane();
        for (String table : lane.tables()) {
            LaneState at = committer.state(track);
            boolean ahead = isInFirstPass(table) && at.isAt(lane.start());
            long more = board.dirty(table) - stayed.get(table).orElse(0L);
            boolean all = lane.scopes().getOrDefault(table, Scope.ALL).isWhole();
            if (all
                    && board.table(table).left() != Upkeep.PROMOTE
                    && more > parts.settings().dirtyKeys()
                    && (board.isLive(table) || ahead)) {
                LOG.warn("table {} is listed again: {} of its rows wait to be fetched", table, board.dirty(table));
                committer.commit(track, new Relisting(lane, table, board.isLive(table), at.seq()));
                stayed.put(table, board.dirty(table));
            }
        }
    }

    /** One that could not be made sure of may be live: no list would bring what is dirty of it. */
    private boolean isInFirstPass(String table) {
        return board.isEnsured(table) && !board.isLive(table);
    }

    /** Lists a table from the start. */
    private record Relisting(Lane lane, String table, boolean live, long seq) implements Committer.Step {
        @Override
        public Set<String> tables() {
            return lane.tables();
        }

        @Override
        public Optional<Committer.Decided> decide(RequestOrder order) {
            DirtyMarks dirty = new DirtyMarks(List.of(), Map.of(), Set.of(table));
            Map<String, TablePhase> phases = live ? Map.of(table, TablePhase.FIRST_PASS) : Map.of();
            Batch batch =
                    new Batch(lane.id(), seq, lane.start(), List.of(), phases, OpenSync.nothingLeftOut(lane), dirty);
            return Optional.of(new Committer.Decided(batch, RequestOrder.Admitted.NOTHING));
        }
    }
}

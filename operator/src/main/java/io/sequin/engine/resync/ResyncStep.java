package io.sequin.engine.resync;

import io.sequin.data.Change;
import io.sequin.data.Checkpoint;
import io.sequin.data.RowKey;
import io.sequin.engine.board.Board;
import io.sequin.engine.commit.Committer;
import io.sequin.engine.order.Answer;
import io.sequin.engine.order.RequestOrder;
import io.sequin.postgres.load.Batch;
import io.sequin.postgres.load.DirtyMarks;
import io.sequin.source.Lane;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One commit of what a re-sync has met. Nothing is committed while a table does not take rows.
 *
 * @param seq the lane's number of commits before
 * @param after the lane's checkpoint afterwards
 * @param kept by table: rows that could not be asked for, and so count as met
 */
record ResyncStep(
        Lane lane, long seq, List<Answer> answers, Checkpoint after, Map<String, Set<RowKey>> kept, Board board)
        implements Committer.Step {

    @Override
    public Set<String> tables() {
        return lane.tables();
    }

    @Override
    public Optional<Committer.Decided> decide(RequestOrder order) {
        if (!lane.tables().stream().allMatch(board::takesRows)) {
            return Optional.empty();
        }
        RequestOrder.Admitted admitted = order.admit(answers);
        Map<String, Set<RowKey>> met = overtaken(answers, admitted.changes());
        kept.forEach((table, keys) ->
                met.computeIfAbsent(table, t -> new HashSet<>()).addAll(keys));
        Batch batch = new Batch(lane.id(), seq, after, admitted.changes(), Map.of(), Map.of(), DirtyMarks.NONE, met);
        return Optional.of(new Committer.Decided(batch, admitted));
    }

    /** Rows that a newer answer has brought were met, too: whether that one was committed may not be known yet. */
    static Map<String, Set<RowKey>> overtaken(List<Answer> read, List<Change> admitted) {
        if (admitted.size() == read.stream().mapToInt(a -> a.changes().size()).sum()) {
            return new HashMap<>();
        }
        Map<String, Set<RowKey>> applied = new HashMap<>();
        admitted.forEach(
                c -> applied.computeIfAbsent(c.table(), t -> new HashSet<>()).add(c.key()));
        Map<String, Set<RowKey>> overtaken = new HashMap<>();
        for (Answer answer : read) {
            for (Change change : answer.changes()) {
                if (!applied.getOrDefault(change.table(), Set.of()).contains(change.key())) {
                    overtaken
                            .computeIfAbsent(change.table(), t -> new HashSet<>())
                            .add(change.key());
                }
            }
        }
        return overtaken;
    }
}

package io.sequin.engine.tail;

import io.sequin.data.Change;
import io.sequin.data.Checkpoint;
import io.sequin.data.LaneId;
import io.sequin.engine.commit.Committer;
import io.sequin.engine.fetch.Hints;
import io.sequin.engine.order.Answer;
import io.sequin.engine.order.RequestOrder;
import io.sequin.postgres.load.Batch;
import io.sequin.postgres.load.DirtyMarks;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Decides what one step of a tail commits; pure. A table that takes rows gets them, of other tables the keys get dirty: in
 * the transaction that moves the tail's cursor past them, so that nothing is lost.
 *
 * @param read upserts, deletes and sets that the tail brought itself
 * @param fetched what its hints led to
 * @param unread the number of the request that brought the hints, and those whose tables were not asked for
 * @param children tables whose rows belong to a parent
 */
record TailBatch(Answer read, List<Answer> fetched, Unread unread, Set<String> children) {

    /** Hints that were not followed. */
    record Unread(long number, List<Change.Hint> hints) {
        Unread {
            hints = List.copyOf(hints);
        }
    }

    /** What may be done to which table. */
    interface Tables {
        /** Changes are applied. */
        boolean takesRows(String table);

        /** What was reported to be deleted is, though the row can't be fetched. */
        boolean takesDeletions(String table);
    }

    /** All tables that it is about. */
    Set<String> tables() {
        Set<String> tables = new TreeSet<>();
        known().forEach(answer -> answer.changes().forEach(change -> tables.add(change.table())));
        unread.hints().forEach(hint -> tables.add(hint.table()));
        return tables;
    }

    /** Whether it brought rows of a table that does not take them now. */
    boolean mustWait(Tables now) {
        return read.changes().stream().map(Change::table).anyMatch(table -> !now.takesRows(table));
    }

    Committer.Decided decide(LaneId lane, long seq, Checkpoint after, Tables now, RequestOrder order) {
        List<Answer> answers = new ArrayList<>();
        List<Change.Hint> dirty = new ArrayList<>(unread.hints());
        for (Answer answer : known()) {
            answers.add(new Answer(answer.number(), only(answer, now::takesRows)));
            only(answer, table -> !now.takesRows(table)).forEach(change -> dirty.add(Hints.of(change)));
        }
        answers.add(new Answer(unread.number(), reported(now)));
        RequestOrder.Admitted admitted = order.admit(answers);
        Batch batch = new Batch(lane, seq, after, admitted.changes(), Map.of(), Map.of(), DirtyMarks.adding(dirty));
        return new Committer.Decided(batch, admitted);
    }

    private List<Answer> known() {
        return Stream.concat(Stream.of(read), fetched.stream()).toList();
    }

    private static List<Change> only(Answer answer, Predicate<String> tables) {
        return answer.changes().stream()
                .filter(change -> tables.test(change.table()))
                .toList();
    }

    /** The rows also stay dirty: an id may have been created again. */
    private List<Change> reported(Tables now) {
        return unread.hints().stream()
                .filter(hint -> hint.deletion() && now.takesDeletions(hint.table()))
                .map(hint -> Hints.deletion(hint, children.contains(hint.table())))
                .toList();
    }
}

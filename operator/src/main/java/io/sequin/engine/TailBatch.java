package io.sequin.engine;

import io.sequin.data.Change;
import io.sequin.data.Checkpoint;
import io.sequin.data.LaneId;
import io.sequin.data.RowKey;
import io.sequin.data.TablePhase;
import io.sequin.postgres.load.Batch;
import io.sequin.source.Lane;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Decides what one step of a tail commits; pure. A table that is not live is skipped: its upserts are dropped, its
 * deletes applied, and where something was dropped its first pass is set back to the start in the same transaction that
 * moves the tail's cursor. So a later first pass sees everything that was dropped, and costs nothing for unchanged rows.
 *
 * <p>A set of children that is complete and empty counts as a delete: of all rows of its parent.
 *
 * @param read upserts, deletes and sets that the tail brought itself, in order
 * @param fetched what its hints led to
 * @param tables what may be done to which
 * @param refused deletes recorded so far
 * @param leftOut what is recorded of first passes under way; of one that is set back it is over
 */
record TailBatch(List<Change> read, Fetched fetched, TailTables tables, RefusedDeletes refused, LeftOut leftOut) {

    Batch decide(LaneId lane, long seq, Checkpoint after) {
        List<Change> changes = new ArrayList<>();
        Set<String> dropped = new TreeSet<>(fetched.failed().keySet());
        Map<String, List<RowKey>> undone = new TreeMap<>();
        for (Change change : known()) {
            if (applies(change)) {
                changes.add(change);
            } else {
                dropped.add(change.table());
                if (isDeletion(change) && !tables.untouchable().contains(change.table())) {
                    undone.computeIfAbsent(change.table(), t -> new ArrayList<>())
                            .add(change.key());
                }
            }
        }
        Map<String, TablePhase> phases = new HashMap<>();
        Map<LaneId, Checkpoint> resets = new HashMap<>();
        for (String table : dropped) {
            Lane firstPass = tables.firstPass(table);
            if (tables.recorded().contains(table)) {
                phases.put(table, TablePhase.FIRST_PASS);
            }
            resets.put(firstPass.id(), firstPass.start());
            if (!leftOut.of(firstPass.id()).isEmpty()) {
                resets.put(LeftOut.lane(firstPass.id()), LeftOut.NONE);
            }
        }
        undone.forEach((table, keys) -> resets.put(RefusedDeletes.lane(table), refused.with(table, keys)));
        return new Batch(lane, seq, after, changes, phases, resets);
    }

    /** What the tail brought and fetched, and the deletions it was told of without being able to fetch. */
    private List<Change> known() {
        List<Change> known = new ArrayList<>(read);
        known.addAll(fetched.changes());
        for (Change.Hint missed : fetched.missed()) {
            if (missed.deletion() && !tables.untouchable().contains(missed.table())) {
                known.add(OpenSync.deletion(tables.children().contains(missed.table()), missed.table(), missed.key()));
            }
        }
        return known;
    }

    /**
     * Tables of ours that can't be written to now though rows of theirs are gone at the source. If such a table came
     * back the rows would stay in it for ever, so the tail must not pass.
     */
    Set<String> undeliverable() {
        return Stream.concat(
                        Stream.concat(read.stream(), fetched.changes().stream()).filter(TailBatch::isDeletion),
                        fetched.missed().stream().filter(Change.Hint::deletion))
                .map(Change::table)
                .filter(table -> tables.untouchable().contains(table)
                        && tables.recorded().contains(table))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private boolean applies(Change change) {
        if (tables.untouchable().contains(change.table())) {
            return false;
        }
        return !(isDeletion(change) ? tables.refusing() : tables.skipped()).contains(change.table());
    }

    private static boolean isDeletion(Change change) {
        return change instanceof Change.Delete
                || (change instanceof Change.ChildSet set
                        && set.complete()
                        && set.rows().isEmpty());
    }
}

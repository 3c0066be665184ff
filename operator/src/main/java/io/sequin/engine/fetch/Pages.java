package io.sequin.engine.fetch;

import io.sequin.data.Change;
import io.sequin.data.Checkpoint;
import io.sequin.data.Problem;
import io.sequin.engine.trouble.LaneException;
import io.sequin.engine.trouble.Trouble;
import io.sequin.source.Lane;
import io.sequin.source.Page;
import io.sequin.source.SourceException;
import io.sequin.source.SourceProblem;
import java.util.List;
import java.util.Set;

/** What must hold for every page, and what it weighs. */
public final class Pages {
    /** What a change costs beside its object: the key and the objects around it. */
    private static final int OVERHEAD = 128;

    private Pages() {}

    /** What changes take in memory, in bytes; an estimate. */
    public static long bytes(List<? extends Change> changes) {
        long sum = 0;
        for (Change change : changes) {
            int objects =
                    change instanceof Change.ChildSet children ? children.rows().size() : 0;
            sum += (long) OVERHEAD * (1 + objects) + change.bytes();
        }
        return sum;
    }

    /** Rows of a table with a parent come as sets, those of others never do; what is gone is named by the right key then. */
    public static void requireSets(Change change, Set<String> children) {
        boolean set = change instanceof Change.ChildSet;
        if (!(change instanceof Change.Hint) && set != children.contains(change.table())) {
            throw new IllegalStateException("table " + change.table() + " has "
                    + (set ? "no parent but came as a set of children" : "a parent but its rows came without it"));
        }
    }

    /** A page that neither ends nor moves on would be read for ever. */
    public static void requireProgress(Lane lane, Checkpoint from, Page page) {
        if (!page.end() && page.next().equals(from)) {
            SourceException stuck = new SourceException(Problem.of(
                    SourceProblem.UNEXPECTED_ANSWER,
                    "lane " + lane.id() + " does not get on: a page led back to itself"));
            throw new LaneException(Trouble.of(stuck, Trouble.Area.SOURCE), stuck);
        }
        for (Change change : page.changes()) {
            if (!lane.tables().contains(change.table())) {
                throw new IllegalStateException("lane " + lane.id() + " brought a row of table " + change.table()
                        + ", which is not one of its own");
            }
            if (lane.hintsAlone() && !(change instanceof Change.Hint)) {
                throw new IllegalStateException("lane " + lane.id() + " is one of hints alone and brought a row");
            }
            if (lane.kind() == Lane.Kind.FIRST_PASS && change instanceof Change.Hint) {
                throw new IllegalStateException("lane " + lane.id() + " is a first pass and brought a hint");
            }
        }
    }
}

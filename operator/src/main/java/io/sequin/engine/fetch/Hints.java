package io.sequin.engine.fetch;

import io.sequin.data.Change;
import java.util.List;

/** Between a change of a row and the hint that it happened; pure. */
public final class Hints {
    private Hints() {}

    /** What is to be fetched instead of applying a change. */
    public static Change.Hint of(Change change) {
        boolean gone = change instanceof Change.Delete
                || (change instanceof Change.ChildSet set
                        && set.complete()
                        && set.rows().isEmpty());
        return new Change.Hint(change.table(), change.key(), gone);
    }

    /**
     * That the row a hint names is gone.
     *
     * @param children its table's rows belong to a parent, and what it names is this parent, which has none of them
     */
    public static Change deletion(Change.Hint hint, boolean children) {
        return children
                ? new Change.ChildSet(hint.table(), hint.key(), true, List.of())
                : new Change.Delete(hint.table(), hint.key());
    }
}

package io.sequin.postgres.load;

import io.sequin.data.Change;
import io.sequin.data.RowKey;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a commit changes of the dirty keys: those that are to be fetched later, since their table does not take rows now.
 *
 * @param added keys that get dirty; one that is dirty already stays so, and once a deletion was reported for it that stays
 *     recorded
 * @param removed keys that are dirty no longer, by table
 * @param relisted tables that are listed anew from the start: keys without a reported deletion are dirty no longer
 */
public record DirtyMarks(List<Change.Hint> added, Map<String, Set<RowKey>> removed, Set<String> relisted) {
    /** Nothing changes. */
    public static final DirtyMarks NONE = new DirtyMarks(List.of(), Map.of(), Set.of());

    public DirtyMarks {
        added = List.copyOf(added);
        removed = Map.copyOf(removed);
        relisted = Set.copyOf(relisted);
    }

    /** Keys get dirty. */
    public static DirtyMarks adding(List<Change.Hint> hints) {
        return new DirtyMarks(hints, Map.of(), Set.of());
    }

    /** The tables it is about, in name order. */
    public Set<String> tables() {
        Set<String> tables = new TreeSet<>(removed.keySet());
        added.forEach(hint -> tables.add(hint.table()));
        tables.addAll(relisted);
        return tables;
    }
}

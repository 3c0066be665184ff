package io.sequin.data;

import java.util.Set;

/**
 * Which of a source's tables a Sync fills. At most one of the two is not empty; both empty: all, new ones too.
 *
 * @param include only these
 * @param exclude all but these
 */
public record TableSelection(Set<String> include, Set<String> exclude) {
    /** Every table the source offers. */
    public static final TableSelection ALL = new TableSelection(Set.of(), Set.of());

    public TableSelection {
        include = Set.copyOf(include);
        exclude = Set.copyOf(exclude);
        if (!include.isEmpty() && !exclude.isEmpty()) {
            throw new IllegalArgumentException("tables can be included or excluded, not both");
        }
    }

    /** Whether the table is to be filled. */
    public boolean has(String table) {
        return include.isEmpty() ? !exclude.contains(table) : include.contains(table);
    }
}

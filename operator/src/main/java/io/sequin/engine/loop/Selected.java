package io.sequin.engine.loop;

import io.sequin.data.Catalog;
import io.sequin.data.Problem;
import io.sequin.data.TableSelection;
import io.sequin.data.TableShape;
import io.sequin.source.SourceException;
import io.sequin.source.SourceProblem;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What a Sync selects of what a source offers. Pure. */
final class Selected {
    /** Names that are further away are no help. */
    private static final int NEAR = 3;

    private static final int MOST_NAMES = 3;

    private Selected() {}

    /**
     * The catalog of the selected tables, in its order.
     *
     * @throws SourceException UNKNOWN_TABLE for a name that the source does not have, whether it is included or excluded:
     *     a table that was to be left out must not be filled because of a typing error; and where no table is left
     */
    static Catalog of(Catalog offered, TableSelection selection) {
        List<String> names = offered.tables().stream().map(TableShape::name).toList();
        requireKnown("include", selection.include(), names);
        requireKnown("exclude", selection.exclude(), names);
        List<TableShape> selected =
                offered.tables().stream().filter(t -> selection.has(t.name())).toList();
        if (selected.isEmpty()) {
            throw unknown("spec.tables leaves no table to fill. The source has " + String.join(", ", names) + ".");
        }
        return new Catalog(selected);
    }

    private static void requireKnown(String field, Set<String> asked, List<String> names) {
        Set<String> unknown = new TreeSet<>(asked);
        unknown.removeAll(new HashSet<>(names));
        if (!unknown.isEmpty()) {
            String each = unknown.stream().map(name -> name + near(name, names)).collect(Collectors.joining("; "));
            throw unknown("spec.tables." + field + " names tables that the source does not have: " + each
                    + ". Nothing is read or written until it is corrected.");
        }
    }

    private static String near(String name, List<String> names) {
        String near = names.stream()
                .filter(other -> distance(name, other) <= NEAR || other.contains(name) || name.contains(other))
                .sorted(Comparator.comparingInt((String other) -> distance(name, other))
                        .thenComparing(Comparator.naturalOrder()))
                .limit(MOST_NAMES)
                .collect(Collectors.joining(", "));
        return near.isEmpty() ? "" : " (did you mean " + near + "?)";
    }

    /** How many letters must be added, taken away or changed (Levenshtein). */
    static int distance(String a, String b) {
        int[] before = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            before[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = before[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(change, Math.min(before[j], row[j - 1]) + 1);
            }
            before = row;
        }
        return before[b.length()];
    }

    private static SourceException unknown(String message) {
        return new SourceException(Problem.of(SourceProblem.UNKNOWN_TABLE, message));
    }
}

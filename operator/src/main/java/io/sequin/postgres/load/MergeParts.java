package io.sequin.postgres.load;

import io.sequin.postgres.Identifier;
import io.sequin.postgres.schema.SqlType;
import io.sequin.postgres.schema.TableDefinition;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Pieces of SQL about one table, shared by the statements that write it. Pure. */
final class MergeParts {
    private final String table;
    private final List<String> all;
    private final List<String> keys;
    private final List<String> others;
    private final String arrays;
    private final String keyArrays;
    private final String parent;
    private final String parentArrays;

    MergeParts(String schema, RowShape shape) {
        this.table = Identifier.quote(schema, shape.name());
        int[] keyColumns = shape.keys();
        this.all = IntStream.range(0, shape.size())
                .mapToObj(i -> Identifier.quote(shape.column(i).name()))
                .toList();
        this.keys = IntStream.of(keyColumns).mapToObj(all::get).toList();
        this.others = all.stream().filter(column -> !keys.contains(column)).toList();
        this.arrays = arrays(shape, IntStream.range(0, shape.size()).toArray());
        this.keyArrays = arrays(shape, keyColumns);
        this.parent = IntStream.of(shape.parent()).mapToObj(all::get).collect(Collectors.joining());
        this.parentArrays = arrays(shape, shape.parent());
    }

    private static String arrays(RowShape shape, int[] columns) {
        return IntStream.of(columns)
                .mapToObj(i -> "?::" + SqlType.name(shape.type(i)) + "[]")
                .collect(Collectors.joining(", "));
    }

    String table() {
        return table;
    }

    /** {@code "id", "name", "_sync_extra"}. */
    String columns() {
        return String.join(", ", all);
    }

    String keyColumns() {
        return String.join(", ", keys);
    }

    /** {@code s."id", s."name"}. */
    String columnsOf(String alias) {
        return join(all, ", ", column -> alias + "." + column);
    }

    String sameKey(String left, String right) {
        return join(keys, " and ", key -> left + "." + key + " = " + right + "." + key);
    }

    /** Whether any column but the key's differs. Bookkeeping times are never compared: else each re-send is a write. */
    String differs(String left, String right) {
        return "(" + join(others, ", ", c -> left + "." + c) + ") is distinct from ("
                + join(others, ", ", c -> right + "." + c) + ")";
    }

    /** The SET list of an update; the time moves because the row really changes. */
    String assignments(String from) {
        return join(others, ", ", c -> c + " = " + from + "." + c) + ", " + Identifier.quote(TableDefinition.UPDATED_AT)
                + " = now()";
    }

    /** A key's first column is null in the missing side of an outer join. */
    String absent(String alias) {
        return alias + "." + keys.getFirst() + " is null";
    }

    /** Rows bound as one array per column, under alias {@code s}. */
    String fromArrays() {
        return "unnest(" + arrays + ") as s(" + columns() + ")";
    }

    String deleteByKeys() {
        return "delete from " + table + " t using unnest(" + keyArrays + ") as s(" + keyColumns() + ") where "
                + sameKey("t", "s");
    }

    /**
     * Deletes the rows of parents, but for those whose keys are bound after the parents' keys. {@code not in} a query that
     * does not depend on the row is always hashed, however the server guesses the lengths of the arrays; an anti-join is
     * not, and compares all with all where it guesses small.
     */
    String deleteOtherChildren() {
        String row = keys.size() == 1 ? "t." + keys.getFirst() : "(" + join(keys, ", ", key -> "t." + key) + ")";
        return "delete from " + table + " t using unnest(" + parentArrays + ") as p(" + parent + ") where t." + parent
                + " = p." + parent + " and " + row + " not in (select " + keyColumns() + " from unnest(" + keyArrays
                + ") as s(" + keyColumns() + "))";
    }

    private static String join(List<String> names, String between, Function<String, String> each) {
        return names.stream().map(each).collect(Collectors.joining(between));
    }
}

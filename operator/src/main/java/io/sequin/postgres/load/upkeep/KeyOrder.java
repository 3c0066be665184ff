package io.sequin.postgres.load.upkeep;

import io.sequin.data.TableShape;
import io.sequin.postgres.Identifier;
import io.sequin.postgres.load.refusal.TableRefusal;
import io.sequin.postgres.load.row.RowShape;
import io.sequin.postgres.schema.SqlType;
import io.sequin.postgres.schema.Transaction;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A table in the order of its primary key, some rows at a time: whatever is done to all of its rows takes one walk along
 * the key's index, and its place is a key. Rows have the alias {@code t}; keys are in the server's text.
 */
final class KeyOrder {
    private final String name;
    private final String table;
    private final List<String> keys;
    private final List<String> types;

    KeyOrder(String schema, TableShape shape) {
        RowShape whole = new RowShape(shape);
        this.name = shape.name();
        this.table = Identifier.quote(schema, name);
        this.keys = shape.primaryKey().stream().map(Identifier::quote).toList();
        this.types = IntStream.of(whole.keys())
                .mapToObj(i -> SqlType.name(whole.type(i)))
                .toList();
    }

    /** Quoted names of the key's columns. */
    List<String> keys() {
        return keys;
    }

    /** Type of a column of the key. */
    String type(int i) {
        return types.get(i);
    }

    /** {@code array[t."id"::text]}. */
    String asText() {
        return "array[" + each("t.", "::text") + "]";
    }

    /** The last key of so many rows from here; empty where there are fewer. */
    List<String> end(Transaction tx, List<String> after, int rows) throws SQLException {
        List<Object> values = new ArrayList<>(after);
        values.add(rows - 1);
        String sql = "select " + asText() + " from only " + table + " t where " + beyond(">", after) + " order by "
                + each("t.", "") + " offset ? limit 1";
        return TableRefusal.inTime(
                        name,
                        () -> tx.first(
                                sql, row -> List.of((String[]) row.getArray(1).getArray()), values.toArray()))
                .orElse(List.of());
    }

    /** Whether row {@code t} is between two keys, the first not included; binds them. An empty one is no bound. */
    String within(List<String> after, List<String> end) {
        return beyond(">", after) + " and " + beyond("<=", end);
    }

    private String beyond(String comparison, List<String> key) {
        return key.isEmpty()
                ? "true"
                : "(" + each("t.", "") + ") " + comparison + " ("
                        + types.stream().map(type -> "?::" + type).collect(Collectors.joining(", ")) + ")";
    }

    private String each(String before, String after) {
        return keys.stream().map(key -> before + key + after).collect(Collectors.joining(", "));
    }
}

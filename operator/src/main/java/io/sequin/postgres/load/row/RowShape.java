package io.sequin.postgres.load.row;

import io.sequin.data.Column;
import io.sequin.data.ColumnType;
import io.sequin.data.Encoding;
import io.sequin.data.TableShape;
import io.sequin.postgres.schema.TableDefinition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A table's columns in the order in which rows are written: the source's, then the overflow column. */
public final class RowShape {
    private final TableShape table;
    private final Column[] columns;
    private final int[] keys;
    private final int[] parent;
    private final int[] stamp;
    private final Map<String, Integer> byField;

    /** @throws IllegalArgumentException for a shape that contradicts itself: the connector's mistake */
    public RowShape(TableShape table) {
        this.table = table;
        List<Column> all = new ArrayList<>(table.columns());
        all.add(new Column(TableDefinition.EXTRA, "", ColumnType.JSONB, Encoding.PLAIN));
        this.columns = all.toArray(Column[]::new);
        List<String> names = all.stream().map(Column::name).toList();
        this.keys = table.primaryKey().stream().mapToInt(names::indexOf).toArray();
        this.parent = table.parent().stream().mapToInt(names::indexOf).toArray();
        this.stamp = table.stamp().stream().mapToInt(names::indexOf).toArray();
        if (parent.length == 1 && parent[0] < 0) {
            throw new IllegalArgumentException("the parent column of " + table.name() + " is not among its columns");
        }
        if (stamp.length == 1 && (stamp[0] < 0 || isKey(stamp[0]))) {
            throw new IllegalArgumentException(
                    "the stamp of " + table.name() + " is not among its columns, or part of its key");
        }
        for (int key : keys) {
            if (key < 0) {
                throw new IllegalArgumentException("a key column of " + table.name() + " is not among its columns");
            }
        }
        Map<String, Integer> found = new HashMap<>();
        for (int i = 0; i < table.columns().size(); i++) {
            Column column = columns[i];
            if (found.put(column.field(), i) != null) {
                throw new IllegalArgumentException("two columns of " + table.name() + " take " + column.field());
            }
            requireEncoding(column);
        }
        this.byField = Map.copyOf(found);
    }

    /** @throws IllegalArgumentException for a shape that contradicts itself: the connector's mistake */
    public static void requireSound(TableShape shape) {
        new RowShape(shape);
    }

    private void requireEncoding(Column column) {
        ColumnType only = switch (column.encoding()) {
            case PLAIN -> column.type();
            case EPOCH_SECONDS -> ColumnType.TIMESTAMPTZ;
            case REFERENCE, ANY_AS_TEXT -> ColumnType.TEXT;
        };
        if (column.type() != only) {
            throw new IllegalArgumentException(
                    "column " + column.name() + " of " + table.name() + " can't be " + column.encoding());
        }
    }

    /** The table's, without its schema. */
    public String name() {
        return table.name();
    }

    /** Number of columns with the overflow column, which is the last. */
    public int size() {
        return columns.length;
    }

    /** A column by its number, from 0 on. */
    public Column column(int index) {
        return columns[index];
    }

    /** Its type. */
    public ColumnType type(int index) {
        return columns[index].type();
    }

    /** The column that takes a field; -1 for none. */
    public int column(String field) {
        return byField.getOrDefault(field, -1);
    }

    int extra() {
        return columns.length - 1;
    }

    /** Indexes of the key's columns, in the key's order. */
    public int[] keys() {
        return keys.clone();
    }

    /** Names of the key's columns, in the key's order. */
    public List<String> keyNames() {
        return IntStream.of(keys).mapToObj(i -> column(i).name()).toList();
    }

    /** Index of the column that holds the parent's key; nothing where rows have no parent. */
    public int[] parent() {
        return parent.clone();
    }

    /** Index of the column that tells which of two states of a row is the later one; nothing where none does. */
    public int[] stamp() {
        return stamp.clone();
    }

    /** Whether it is a column of the primary key. */
    public boolean isKey(int index) {
        for (int key : keys) {
            if (key == index) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether its values go to the server as the text that it prints itself, to be compared with that first. A key and a
     * stamp are compared in their own way.
     */
    public boolean isPrinted(int index) {
        return type(index) == ColumnType.JSONB
                && !isKey(index)
                && IntStream.of(stamp).noneMatch(i -> i == index);
    }

    /** The types of all columns. */
    public List<ColumnType> types() {
        return Stream.of(columns).map(Column::type).toList();
    }
}

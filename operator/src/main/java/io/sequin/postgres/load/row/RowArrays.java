package io.sequin.postgres.load.row;

import io.sequin.data.Change;
import io.sequin.data.RowKey;
import io.sequin.postgres.schema.Transaction;
import java.sql.Array;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Rows turned around: one SQL array a column, for {@code unnest}. */
public final class RowArrays {
    private final RowShape shape;

    public RowArrays(RowShape shape) {
        this.shape = shape;
    }

    /** @param rows how many there are */
    public record Bound(int rows, List<Array> arrays) {}

    /** The values of a statement that binds one before the arrays. */
    public static Object[] behind(Object first, List<Array> arrays) {
        List<Object> values = new ArrayList<>(arrays.size() + 1);
        values.add(first);
        values.addAll(arrays);
        return values.toArray();
    }

    /** Records, but for those that Postgres can't take: {@code rejected} gets these. */
    public Bound ofRecords(Transaction tx, List<Change.Upsert> upserts, Rejected rejected) throws SQLException {
        int[] columns = IntStream.range(0, shape.size()).toArray();
        List<@Nullable String[]> cells = empty(columns.length, upserts.size());
        JsonRow row = new JsonRow(shape);
        PrintedRow printed = new PrintedRow(shape);
        int rows = 0;
        for (Change.Upsert upsert : upserts) {
            try {
                fill(cells, rows, printed.of(row.read(upsert)), columns);
                rows++;
            } catch (UnfitRecord e) {
                rejected.add(upsert, e.why());
            }
        }
        int filled = rows;
        cells.replaceAll(column -> Arrays.copyOf(column, filled));
        return new Bound(rows, arrays(tx, cells, columns));
    }

    /** Keys that no row can have are left out. */
    public List<Array> ofKeys(Transaction tx, List<RowKey> keys) throws SQLException {
        return ofKeys(tx, keys, shape.keys());
    }

    /** The same, of keys of parents. */
    public List<Array> ofParents(Transaction tx, List<RowKey> keys) throws SQLException {
        return ofKeys(tx, keys, shape.parent());
    }

    private List<Array> ofKeys(Transaction tx, List<RowKey> keys, int[] columns) throws SQLException {
        RowValues values = new RowValues(shape.size());
        KeyValues writer = new KeyValues(shape, values, columns);
        Set<RowKey> unstorable = UnstorableKeys.among(tx, keys);
        List<RowKey> possible = keys.stream()
                .filter(key -> !unstorable.contains(key) && writer.accepts(key))
                .toList();
        List<@Nullable String[]> cells = empty(columns.length, possible.size());
        for (int i = 0; i < possible.size(); i++) {
            writer.write(possible.get(i));
            fill(cells, i, values, columns);
        }
        return arrays(tx, cells, columns);
    }

    private static List<@Nullable String[]> empty(int columns, int rows) {
        List<@Nullable String[]> cells = new ArrayList<>(columns);
        for (int i = 0; i < columns; i++) {
            cells.add(new String[rows]);
        }
        return cells;
    }

    private void fill(List<@Nullable String[]> cells, int row, RowValues values, int[] columns) {
        for (int i = 0; i < columns.length; i++) {
            cells.get(i)[row] = RowText.of(values, columns[i], shape.type(columns[i]));
        }
    }

    private List<Array> arrays(Transaction tx, List<@Nullable String[]> cells, int[] columns) throws SQLException {
        List<Array> arrays = new ArrayList<>(columns.length);
        for (int i = 0; i < columns.length; i++) {
            String type = RowText.arrayOf(shape.type(columns[i]));
            arrays.add(tx.connection().createArrayOf(type, cells.get(i)));
        }
        return arrays;
    }
}

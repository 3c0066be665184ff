package io.sequin.postgres.load.row;

import io.sequin.data.Change;
import io.sequin.data.RowKey;
import io.sequin.postgres.schema.Transaction;
import java.sql.Array;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

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
        List<BoundArray> arrays = empty(columns, upserts.size());
        JsonRow row = new JsonRow(shape);
        int rows = 0;
        for (Change.Upsert upsert : upserts) {
            try {
                add(row.read(upsert), columns, arrays);
                rows++;
            } catch (UnfitRecord e) {
                rejected.add(upsert, e.why());
            }
        }
        return new Bound(rows, bound(tx, arrays));
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
        List<BoundArray> arrays = empty(columns, possible.size());
        for (RowKey key : possible) {
            writer.write(key);
            add(values, columns, arrays);
        }
        return bound(tx, arrays);
    }

    private List<BoundArray> empty(int[] columns, int rows) {
        return IntStream.of(columns)
                .mapToObj(column -> BoundArray.of(shape.type(column), rows))
                .toList();
    }

    private static void add(RowValues values, int[] columns, List<BoundArray> arrays) {
        for (int i = 0; i < columns.length; i++) {
            arrays.get(i).add(values, columns[i]);
        }
    }

    private static List<Array> bound(Transaction tx, List<BoundArray> arrays) throws SQLException {
        List<Array> bound = new ArrayList<>(arrays.size());
        for (BoundArray array : arrays) {
            bound.add(array.array(tx.connection()));
        }
        return bound;
    }
}

package io.sequin.postgres.load.upkeep;

import io.sequin.data.Change;
import io.sequin.data.Json;
import io.sequin.data.RowKey;
import io.sequin.data.TableShape;
import io.sequin.postgres.Identifier;
import io.sequin.postgres.load.refusal.LateChecks;
import io.sequin.postgres.load.refusal.TableRefusal;
import io.sequin.postgres.load.row.Rejected;
import io.sequin.postgres.load.row.RowArrays;
import io.sequin.postgres.load.row.RowShape;
import io.sequin.postgres.schema.Effect;
import io.sequin.postgres.schema.Fence;
import io.sequin.postgres.schema.PendingPromotion;
import io.sequin.postgres.schema.RowGrowth;
import io.sequin.postgres.schema.SqlType;
import io.sequin.postgres.schema.TableDefinition;
import io.sequin.postgres.schema.TableRecord;
import io.sequin.postgres.schema.TableRecords;
import io.sequin.postgres.schema.Transaction;
import java.sql.Array;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Moves values from the overflow column into columns that came later, in the order of the key, some rows a transaction.
 * The time of a row's last change stays: nothing changed at the source, and the next pass finds each row as it would
 * write it. Values are read by the code that reads records, so they come out the same.
 */
final class Promotion {
    /** Rows that one transaction goes through. */
    static final int CHUNK = 5_000;
    /** Values that are held in memory at once. */
    private static final int MAX_BYTES = 4 << 20;

    private static final String EXTRA = "t." + Identifier.quote(TableDefinition.EXTRA);

    private final TableShape shape;
    private final String table;
    private final TableRecords records;
    private final KeyOrder order;
    private final List<String> keys;

    Promotion(String schema, TableShape shape, TableRecords records) {
        this.shape = shape;
        this.table = Identifier.quote(schema, shape.name());
        this.records = records;
        this.order = new KeyOrder(schema, shape);
        this.keys = order.keys();
    }

    /**
     * Goes on with the promotion that the database records for the table. Nothing may be written to the table until it is
     * over: a row written before would count as changed.
     *
     * @param most so many rows
     * @return the table's record; empty: there is more
     */
    Optional<TableRecord> some(LateChecks late, Fence fence, int most) {
        return late.commit(Effect.PROMOTE, List.of(new LateChecks.Written(shape.name(), true)), tx -> {
            boolean over = step(tx, most);
            fence.check(tx);
            return over ? Optional.of(records.apply(tx, shape.name(), null, RowGrowth.NONE)) : Optional.empty();
        });
    }

    private boolean step(Transaction tx, int most) throws SQLException {
        Optional<PendingPromotion> pending = records.promotion(tx, shape.name());
        if (pending.isEmpty()) {
            return true;
        }
        PendingPromotion at = pending.get();
        List<String> end = order.end(tx, at.after(), Math.min(CHUNK, most));
        try {
            promote(tx, at, end);
        } catch (SQLException e) {
            throw TableRefusal.ofUpsert(shape.name(), e).orElseThrow(() -> e);
        }
        records.promotion(tx, shape.name(), end.isEmpty() ? Optional.empty() : Optional.of(at.upTo(end)));
        return end.isEmpty();
    }

    private void promote(Transaction tx, PendingPromotion at, List<String> end) throws SQLException {
        Array fields = tx.connection().createArrayOf("text", at.fields().toArray());
        String sql = "select " + order.asText() + ", (select jsonb_object_agg(e.key, e.value)::text from jsonb_each("
                + EXTRA + ") e where e.key = any (?)) from only " + table + " t where jsonb_exists_any(" + EXTRA
                + ", ?) and " + order.within(at.after(), end);
        List<Object> values = new ArrayList<>(List.of(fields, fields));
        values.addAll(at.after());
        values.addAll(end);
        List<Change.Upsert> found = new ArrayList<>();
        List<RowKey> of = new ArrayList<>();
        int[] bytes = {0};
        RowShape part = part(at.fields());
        tx.stream(
                sql,
                row -> {
                    Json object = Json.of(row.getString(2));
                    of.add(new RowKey(List.of((String[]) row.getArray(1).getArray())));
                    found.add(new Change.Upsert(shape.name(), new RowKey(List.of()), object));
                    bytes[0] += object.length();
                    if (bytes[0] >= MAX_BYTES) {
                        write(tx, part, fields, of, found);
                        bytes[0] = 0;
                    }
                },
                values.toArray());
        write(tx, part, fields, of, found);
    }

    /** The columns that take these fields, without a key: that of a row is known. */
    private RowShape part(Collection<String> fields) {
        return new RowShape(new TableShape(
                shape.name(),
                shape.columns().stream()
                        .filter(c -> fields.contains(c.field())
                                && !shape.primaryKey().contains(c.name()))
                        .toList(),
                List.of()));
    }

    /** Values that still don't fit stay where they are. */
    private void write(Transaction tx, RowShape part, Array fields, List<RowKey> of, List<Change.Upsert> found)
            throws SQLException {
        if (found.isEmpty()) {
            return;
        }
        Rejected none = new Rejected(shape.name(), found.size());
        List<String> taken = IntStream.range(0, part.size() - 1)
                .mapToObj(i -> part.column(i).field())
                .toList();
        List<Object> values = new ArrayList<>(taken);
        values.add(fields);
        for (int i = 0; i < keys.size(); i++) {
            int at = i;
            values.add(tx.connection()
                    .createArrayOf(
                            "text", of.stream().map(key -> key.parts().get(at)).toArray()));
        }
        values.addAll(new RowArrays(part).ofRecords(tx, found, none).arrays());
        if (!none.entries().isEmpty()) {
            throw new IllegalStateException("what the server wrote as JSON must be readable");
        }
        values.add(fields);
        values.addAll(taken);
        tx.update(update(part), values.toArray());
        of.clear();
        found.clear();
    }

    private String update(RowShape part) {
        List<String> columns = IntStream.range(0, part.size() - 1)
                .mapToObj(i -> Identifier.quote(part.column(i).name()))
                .toList();
        String rest = "nullif(" + EXTRA + " - ?::text[] || coalesce(s.\"rest\", '{}'), '{}')";
        // a field that is not in the overflow is where it belongs; what is there is newer than its column, null as well
        return "update only " + table + " t set "
                + list(
                        columns,
                        c -> c + " = case when jsonb_exists(" + EXTRA + ", ?) then s." + c + " else t." + c + " end, ")
                + Identifier.quote(TableDefinition.EXTRA) + " = " + rest + " from unnest("
                + list(keys, key -> "?::text[], ")
                + IntStream.range(0, part.size())
                        .mapToObj(i -> "?::" + SqlType.name(part.type(i)) + "[]")
                        .collect(Collectors.joining(", "))
                + ") as s(" + list(keys, key -> "key" + keys.indexOf(key) + ", ") + list(columns, c -> c + ", ")
                + "\"rest\") where "
                + IntStream.range(0, keys.size())
                        .mapToObj(i -> "t." + keys.get(i) + " = s.key" + i + "::" + order.type(i))
                        .collect(Collectors.joining(" and "))
                + " and (" + rest + " is distinct from " + EXTRA
                // a value that does not fit stays there, and the column has an older one
                + list(
                        columns,
                        c -> " or (s." + c + " is null and t." + c + " is not null and jsonb_exists(" + EXTRA + ", ?))")
                + ")";
    }

    private static String list(List<String> names, Function<String, String> each) {
        return names.stream().map(each).collect(Collectors.joining());
    }
}

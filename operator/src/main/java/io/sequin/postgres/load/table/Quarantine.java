package io.sequin.postgres.load.table;

import io.sequin.data.Change;
import io.sequin.data.Json;
import io.sequin.data.RecordSize;
import io.sequin.data.RowKey;
import io.sequin.postgres.Identifier;
import io.sequin.postgres.load.row.Rejected;
import io.sequin.postgres.load.row.RowShape;
import io.sequin.postgres.load.row.Unfit;
import io.sequin.postgres.load.row.UnstorableKeys;
import io.sequin.postgres.schema.StateTables;
import io.sequin.postgres.schema.Transaction;
import java.nio.ByteBuffer;
import java.sql.Array;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.ByteStreamWriter;

/**
 * Records of one table that are set aside: {@code _sync_error}, one row a key. An entry lasts until the key is applied or
 * deleted; a row of that key that was there before stays as it is meanwhile.
 */
final class Quarantine {
    private final String errors;
    private final String seen;
    private final String dirty;
    private final String table;
    private final int parts;

    /** @param shape of the table whose records these are */
    Quarantine(String schema, RowShape shape) {
        this.errors = Identifier.quote(schema, StateTables.ERROR);
        this.seen = Identifier.quote(schema, StateTables.SEEN);
        this.dirty = Identifier.quote(schema, StateTables.DIRTY);
        this.table = shape.name();
        this.parts = shape.keys().length;
    }

    /**
     * Brings the entries up to date with what a batch did.
     *
     * @param hasEntries whether there may be any of this table
     * @return by how many they grew
     */
    long record(Transaction tx, TableChanges changes, Rejected rejected, boolean hasEntries) throws SQLException {
        List<RowKey> refused =
                rejected.entries().stream().map(entry -> entry.upsert().key()).toList();
        long growth = hasEntries ? -clear(tx, changes, refused) : 0;
        for (Rejected.Entry entry : rejected.entries()) {
            growth += put(tx, entry, changes.parents().get(entry.upsert().key()));
        }
        return growth;
    }

    private long clear(Transaction tx, TableChanges changes, List<RowKey> refused) throws SQLException {
        Set<RowKey> stay = Set.copyOf(refused);
        List<RowKey> settled = storable(
                tx,
                Stream.concat(changes.upserts().stream().map(Change.Upsert::key), changes.deletes().stream())
                        .filter(key -> !stay.contains(key))
                        .toList());
        long cleared = settled.isEmpty()
                ? 0
                : tx.update(
                        "delete from " + errors + " e using " + keys("k") + " where e.\"table\" = ? and e.\"key\" = "
                                + key("k"),
                        bind(tx, settled, table));
        if (!changes.replaced().isEmpty()) {
            cleared += tx.update(
                    "delete from " + errors + " e where e.\"table\" = ? and e.\"parent\" = any (?) and not exists"
                            + " (select from " + keys("k") + " where e.\"key\" = " + key("k") + ")",
                    bindAfter(tx, refused, table, parents(tx, changes.replaced())));
        }
        return cleared;
    }

    /**
     * Forgets the entries of keys that a full pass has not met and that are not to be fetched: the source has them no
     * more. Of rows with a parent the parent's key counts.
     *
     * @return how many
     */
    long forgetUnmet(Transaction tx, boolean ofParents) throws SQLException {
        String key = ofParents ? "array[e.\"parent\"]" : "e.\"key\"";
        return tx.update(
                "delete from " + errors + " e where e.\"table\" = ?"
                        + (ofParents ? " and e.\"parent\" is not null" : "") + isNotIn(seen, key) + isNotIn(dirty, key),
                table);
    }

    private static String isNotIn(String keys, String key) {
        return " and not exists (select from " + keys + " k where k.\"table\" = e.\"table\" and k.\"key\" = " + key
                + ")";
    }

    /** Writes nothing where the same is recorded already. */
    private long put(Transaction tx, Rejected.Entry entry, @Nullable RowKey parent) throws SQLException {
        Change.Upsert upsert = entry.upsert();
        String values = "with v(\"table\", \"key\", \"reason\", \"message\", \"record\", \"parent\") as"
                + " (values (?::text, ?::text[], ?::text, ?::text, ?::bytea, ?::text))";
        String same = " where not exists (select from " + errors
                + " e where (e.\"table\", e.\"key\", e.\"reason\", e.\"record\") = (v.\"table\", v.\"key\","
                + " v.\"reason\", v.\"record\") and e.\"parent\" is not distinct from v.\"parent\")";
        return tx.first(
                        values + " insert into " + errors
                                + " (\"table\", \"key\", \"reason\", \"message\", \"record\", \"parent\")"
                                + " select * from v" + same
                                + " on conflict (\"table\", \"key\") do update set \"reason\" = excluded.\"reason\","
                                + " \"message\" = excluded.\"message\", \"record\" = excluded.\"record\","
                                + " \"parent\" = excluded.\"parent\", \"at\" = now() returning xmax = 0",
                        row -> row.getBoolean(1),
                        table,
                        texts(tx, upsert.key().parts()),
                        entry.why().reason(),
                        message(entry),
                        raw(entry),
                        parent == null ? null : parent.parts().getFirst())
                .filter(fresh -> fresh)
                .map(fresh -> 1L)
                .orElse(0L);
    }

    private static String message(Rejected.Entry entry) {
        String words = entry.why().words();
        return entry.why() == Unfit.MEMORY
                ? "The record has " + RecordSize.inWords(entry.upsert().object().length()) + " and is not kept: "
                        + words
                : "Postgres can't take the record because " + words;
    }

    /** Its bytes, which are not copied. */
    private static ByteStreamWriter raw(Rejected.Entry entry) {
        Json json = entry.upsert().object();
        int length = entry.why() == Unfit.MEMORY ? 0 : json.length();
        return ByteStreamWriter.of(ByteBuffer.wrap(json.bytes(), json.offset(), length));
    }

    /** Keys bound as one array a part. */
    private String keys(String alias) {
        return "unnest(" + each(i -> "?::text[]") + ") as " + alias + "(" + each(i -> "k" + i) + ")";
    }

    private String key(String alias) {
        return "array[" + each(i -> alias + ".k" + i) + "]";
    }

    private String each(IntFunction<String> part) {
        return IntStream.range(0, parts).mapToObj(part).collect(Collectors.joining(", "));
    }

    private Object[] bind(Transaction tx, List<RowKey> keys, Object after) throws SQLException {
        List<Object> bound = new ArrayList<>(arrays(tx, keys));
        bound.add(after);
        return bound.toArray();
    }

    private Object[] bindAfter(Transaction tx, List<RowKey> keys, Object... before) throws SQLException {
        List<Object> bound = new ArrayList<>(List.of(before));
        bound.addAll(arrays(tx, keys));
        return bound.toArray();
    }

    private List<Array> arrays(Transaction tx, List<RowKey> keys) throws SQLException {
        List<Array> arrays = new ArrayList<>();
        for (int i = 0; i < parts; i++) {
            int part = i;
            arrays.add(texts(tx, keys.stream().map(key -> key.parts().get(part)).toList()));
        }
        return arrays;
    }

    private static Array parents(Transaction tx, List<RowKey> keys) throws SQLException {
        return texts(
                tx,
                storable(tx, keys).stream().map(key -> key.parts().getFirst()).toList());
    }

    private static List<RowKey> storable(Transaction tx, List<RowKey> keys) throws SQLException {
        Set<RowKey> unstorable = UnstorableKeys.among(tx, keys);
        return keys.stream().filter(key -> !unstorable.contains(key)).toList();
    }

    private static Array texts(Transaction tx, List<String> texts) throws SQLException {
        return tx.connection().createArrayOf("text", texts.toArray());
    }
}

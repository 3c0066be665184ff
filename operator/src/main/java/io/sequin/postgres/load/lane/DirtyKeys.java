package io.sequin.postgres.load.lane;

import io.sequin.data.Change;
import io.sequin.data.Instruction;
import io.sequin.data.Problem;
import io.sequin.data.RowKey;
import io.sequin.postgres.Identifier;
import io.sequin.postgres.PostgresProblem;
import io.sequin.postgres.TableException;
import io.sequin.postgres.load.DirtyMarks;
import io.sequin.postgres.load.row.KeyLength;
import io.sequin.postgres.load.row.UnstorableKeys;
import io.sequin.postgres.schema.StateTables;
import io.sequin.postgres.schema.Transaction;
import java.sql.Array;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Keys that are to be fetched once their table takes rows: {@code _sync_dirty}. */
public final class DirtyKeys {
    private final String schema;

    public DirtyKeys(String schema) {
        this.schema = schema;
    }

    private String table() {
        return Identifier.quote(schema, StateTables.DIRTY);
    }

    /** How many there are, by table; a table without any is missing. */
    public Map<String, Long> counts(Transaction tx) throws SQLException {
        return tx
                .list(
                        "select \"table\", count(*) from " + table() + " group by \"table\"",
                        row -> Map.entry(row.getString(1), row.getLong(2)))
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /**
     * Some of a table's.
     *
     * @throws io.sequin.postgres.TableException where among them is one that was too long to be written down, itself or in
     *     escapes: the table is not complete until its object is gone
     */
    public List<Change.Hint> some(Transaction tx, String of, int most) throws SQLException {
        return tx.list(
                "select \"key\", \"deletion\" from " + table() + " where \"table\" = ? order by \"key\" limit ?",
                row -> new Change.Hint(of, key(of, row.getArray(1)), row.getBoolean(2)),
                of,
                most);
    }

    /**
     * Changes them as a batch says, table by table in name order. Of a key that is too long to be written down and fetched
     * later, or whose escapes are, nothing is known but by the batch that deletes its row.
     *
     * @return by how many a table has more than before, or less
     */
    public Map<String, Long> apply(Transaction tx, DirtyMarks marks, List<Change> changes) throws SQLException {
        Map<String, Long> growth = forget(tx, changes);
        for (String of : marks.tables()) {
            long more = 0;
            if (marks.relisted().contains(of)) {
                more -= tx.update("delete from " + table() + " where \"table\" = ? and not \"deletion\"", of);
            }
            more -= remove(tx, of, marks.removed().getOrDefault(of, Set.of()));
            more += add(
                    tx,
                    of,
                    marks.added().stream()
                            .filter(hint -> hint.table().equals(of))
                            .toList());
            growth.merge(of, more, Long::sum);
        }
        return growth;
    }

    /**
     * What can't be fetched to see that it is gone. Whether this database could store such a key is not asked: then no
     * digest of it is there, unless another database that these rows come from could not.
     *
     * @return by how many a table has more than before; only of tables with deletes of such keys, in name order
     */
    private SortedMap<String, Long> forget(Transaction tx, List<Change> changes) throws SQLException {
        SortedMap<String, Set<String>> gone = new TreeMap<>();
        for (Change change : changes) {
            if (change instanceof Change.Delete) {
                EscapedKey.digestOf(change.key())
                        .ifPresent(digest -> gone.computeIfAbsent(change.table(), of -> new HashSet<>())
                                .add(digest));
            }
        }
        SortedMap<String, Long> growth = new TreeMap<>();
        for (Map.Entry<String, Set<String>> of : gone.entrySet()) {
            growth.put(of.getKey(), -removeLiterals(tx, of.getKey(), of.getValue()));
        }
        return growth;
    }

    private long remove(Transaction tx, String of, Collection<RowKey> keys) throws SQLException {
        if (keys.isEmpty()) {
            return 0;
        }
        return removeLiterals(tx, of, literals(tx, keys).values());
    }

    private long removeLiterals(Transaction tx, String of, Collection<String> literals) throws SQLException {
        return tx.update(
                "delete from " + table() + " d using unnest(?::text[]) as s(\"key\") where d.\"table\" = ? and"
                        + " d.\"key\" = s.\"key\"::text[]",
                tx.connection().createArrayOf("text", literals.toArray()),
                of);
    }

    private long add(Transaction tx, String of, List<Change.Hint> hints) throws SQLException {
        Map<RowKey, String> literals =
                literals(tx, hints.stream().map(Change.Hint::key).toList());
        Map<String, Boolean> deletions = new LinkedHashMap<>();
        Set<String> gone = new HashSet<>();
        for (Change.Hint hint : hints) {
            String literal = literals.get(hint.key());
            if (literal != null && hint.deletion() && EscapedKey.isDigest(literal)) {
                // it can't be fetched to see, and there never was a row of it
                gone.add(literal);
            } else if (literal != null) {
                deletions.merge(literal, hint.deletion(), Boolean::logicalOr);
            }
        }
        deletions.keySet().removeAll(gone);
        return insert(tx, of, deletions) - (gone.isEmpty() ? 0 : removeLiterals(tx, of, gone));
    }

    /** A row that was inserted has no xmax, one that was there and got its flag has. */
    private long insert(Transaction tx, String of, Map<String, Boolean> deletions) throws SQLException {
        if (deletions.isEmpty()) {
            return 0;
        }
        Array keys = tx.connection().createArrayOf("text", deletions.keySet().toArray());
        Array flags = tx.connection().createArrayOf("bool", deletions.values().toArray());
        return tx
                .list(
                        "insert into " + table() + " as d (\"table\", \"key\", \"deletion\")"
                                + " select ?, s.\"key\"::text[], s.\"deletion\""
                                + " from unnest(?::text[], ?::boolean[]) as s(\"key\", \"deletion\")"
                                + " on conflict (\"table\", \"key\") do update set \"deletion\" = true"
                                + " where excluded.\"deletion\" and not d.\"deletion\""
                                + " returning d.xmax::text = '0'",
                        row -> row.getBoolean(1),
                        of,
                        keys,
                        flags)
                .stream()
                .filter(inserted -> inserted)
                .count();
    }

    /** Keys as Postgres reads arrays; one that no object has is missing. */
    private static Map<RowKey, String> literals(Transaction tx, Collection<RowKey> keys) throws SQLException {
        Set<RowKey> unstorable = UnstorableKeys.among(tx, keys);
        Map<RowKey, String> literals = new LinkedHashMap<>();
        for (RowKey key : keys) {
            if (!unstorable.contains(key)) {
                literals.put(key, literal(key));
            } else if (UnstorableKeys.isStorableElsewhere(key)) {
                literals.put(key, EscapedKey.literal(key));
            }
        }
        return literals;
    }

    /** A key as Postgres reads an array of text (manual, 8.15.2). */
    static String literal(RowKey key) {
        return key.parts().stream()
                .map(part -> '"' + part.replace("\\", "\\\\").replace("\"", "\\\"") + '"')
                .collect(Collectors.joining(",", "{", "}"));
    }

    private RowKey key(String of, Array array) throws SQLException {
        return switch (array.getArray()) {
            case String[][][] digest -> throw tooLong(of, EscapedKey.beginning(digest));
            case String[][] escaped -> EscapedKey.read(escaped);
            case Object plain -> new RowKey(List.of((String[]) plain));
        };
    }

    private TableException tooLong(String of, String beginning) {
        String sql = "delete from " + table() + " where \"table\" = '" + of.replace("'", "''")
                + "' and array_ndims(\"key\") = 3;";
        String message =
                "Table " + Identifier.quote(schema, of) + " lacks an object of the source whose id is longer than "
                        + KeyLength.MOST + " bytes, more than an index of Postgres takes, or has many characters that"
                        + " the encoding of the database lacks. It begins with " + beginning
                        + ". The table stands still until the source reports that the object is deleted; to go on without it run "
                        + sql;
        Instruction cure = new Instruction(
                "Let table " + Identifier.quote(schema, of) + " go on without objects whose id it can't have",
                "the user of the Destination's credentials, or a superuser",
                sql);
        Problem problem = new Problem(PostgresProblem.RECORD_REJECTED, message, List.of(cure), Optional.empty());
        return new TableException(of, problem, null, null);
    }
}

package io.sequin.postgres.load.merge;

import io.sequin.data.ColumnType;
import io.sequin.data.Deletes;
import io.sequin.postgres.Identifier;
import io.sequin.postgres.load.row.RowShape;
import io.sequin.postgres.schema.SqlType;
import io.sequin.postgres.schema.TableDefinition;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Pieces of SQL about one table, shared by the statements that write it. Pure. */
public final class MergeParts {
    private static final String DELETED_AT = Identifier.quote(TableDefinition.DELETED_AT);
    private static final String UPDATED_AT = Identifier.quote(TableDefinition.UPDATED_AT);

    /** What marks a row as deleted. */
    private static final String MARK = DELETED_AT + " = now(), " + UPDATED_AT + " = now()";

    private final String table;
    private final String own;
    private final List<String> all;
    private final List<String> keys;
    private final List<String> others;
    private final Set<String> texts;
    private final List<String> stamp;
    private final String arrays;
    private final String keyArrays;
    private final String parent;
    private final String parentArrays;
    private final Deletes deletes;

    public MergeParts(String schema, RowShape shape, Deletes deletes) {
        this.deletes = deletes;
        this.table = Identifier.quote(schema, shape.name());
        this.own = "only " + table;
        int[] keyColumns = shape.keys();
        this.all = IntStream.range(0, shape.size())
                .mapToObj(i -> Identifier.quote(shape.column(i).name()))
                .toList();
        this.keys = IntStream.of(keyColumns).mapToObj(all::get).toList();
        this.others = all.stream().filter(column -> !keys.contains(column)).toList();
        this.texts = IntStream.range(0, shape.size())
                .filter(i -> shape.type(i) == ColumnType.TEXT)
                .mapToObj(all::get)
                .collect(Collectors.toSet());
        this.stamp = IntStream.of(shape.stamp()).mapToObj(all::get).toList();
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

    /** The table's quoted name, with its schema: for what can only mean the table itself. */
    public String table() {
        return table;
    }

    /**
     * The table's own rows. Without {@code only} a statement reaches into tables that inherit from it, which are not ours
     * (PostgreSQL manual, 5.11 Inheritance).
     */
    String own() {
        return own;
    }

    /** {@code "id", "name", "_sync_extra"}. */
    public String columns() {
        return String.join(", ", all);
    }

    String keyColumns() {
        return String.join(", ", keys);
    }

    /** {@code s."id", s."name"}. */
    String values(Offered offered) {
        return join(all, ", ", offered::value);
    }

    String sameKey(String left, String right) {
        return join(keys, " and ", key -> left + "." + key + " = " + right + "." + key);
    }

    /**
     * Whether the stored row, {@code left}, differs from an offered one in any column but the key's, and is not the later
     * of the two by the source's stamp, which is not compared itself. One that is marked as deleted always differs. When a
     * row was last written is never compared: else each re-send is a write. What is quick to compare comes first.
     */
    String differs(String stored, Offered offered) {
        List<String> compared = others.stream()
                .filter(column -> !stamp.contains(column))
                .sorted(Comparator.comparing(offered::isPrinted))
                .toList();
        String differ = stored + "." + DELETED_AT + " is not null"
                + join(compared, "", column -> " or " + offered.differs(exact(stored, column), column));
        return "(" + (stamp.isEmpty() ? differ : "(" + differ + ")")
                + join(stamp, "", c -> " and (s." + c + " >= " + stored + "." + c + ") is not false") + ")";
    }

    /**
     * A column as it is compared with an offered value. By a collation of the user's that takes unlike text for equal a
     * change would be none (PostgreSQL manual, 23.2.2.4 Nondeterministic Collations).
     */
    private String exact(String stored, String column) {
        return stored + "." + column + (texts.contains(column) ? " collate \"C\"" : "");
    }

    /** The SET list of an update; the time moves because the row really changes. */
    String assignments(UnaryOperator<String> value) {
        return join(others, ", ", c -> c + " = " + value.apply(c)) + ", " + UPDATED_AT + " = now(), " + DELETED_AT
                + " = null";
    }

    /** How many rows of a source take one back that is marked as deleted. One that is later by the stamp stays marked. */
    public String countRevived(Offered offered) {
        return "select count(*) from " + offered.relation() + " join " + own + " t on " + sameKey("t", "s")
                + " where t." + DELETED_AT + " is not null and " + differs("t", offered);
    }

    /** A key's first column is null in the missing side of an outer join. */
    String absent(String alias) {
        return alias + "." + keys.getFirst() + " is null";
    }

    /** Rows bound as one array per column, under alias {@code s}. */
    public Offered fromArrays() {
        return new Offered("unnest(" + arrays + ") as s(" + columns() + ")");
    }

    /** Converts bound rows and does nothing with them. */
    public String convert() {
        return "select count(*) from " + fromArrays().relation();
    }

    /** Deletes the rows of bound keys, or marks them. */
    public String deleteByKeys() {
        return delete("unnest(" + keyArrays + ") as s(" + keyColumns() + ")", sameKey("t", "s"));
    }

    /** Finds a row with one of the keys that is not deleted. */
    public String anyOfKeys() {
        return "select 1 from unnest(" + keyArrays + ") as s(" + keyColumns() + ") join " + own + " t on "
                + sameKey("t", "s") + " where " + isLive("t") + " limit 1";
    }

    /**
     * Deletes the rows of parents, but for those whose keys are bound after the parents' keys. {@code not in} a query that
     * does not depend on the row is always hashed, however the server guesses the lengths of the arrays; an anti-join is
     * not, and compares all with all where it guesses small.
     */
    public String deleteOtherChildren() {
        return delete(parents(), ofParents() + others());
    }

    /** Deletes all rows of parents. */
    public String deleteOfParents() {
        return delete(parents(), ofParents());
    }

    /**
     * Finds a row that {@link #deleteOtherChildren} should have deleted; binds {@link #table} first. It looks only where
     * there is something that may keep one.
     */
    public String keptOtherChild() {
        return kept(ofParents() + others());
    }

    /** The same of {@link #deleteOfParents}. */
    public String keptOfParents() {
        return kept(ofParents());
    }

    private String kept(String condition) {
        // the name is bound first, and so must come first
        return "with k(may) as (select " + KeptOut.MAY_KEEP + ") select 1 from " + parents() + " join " + own + " t on "
                + condition + " where " + isLive("t") + " and (select may from k) limit 1";
    }

    private String parents() {
        return "unnest(" + parentArrays + ") as p(" + parent + ")";
    }

    private String ofParents() {
        return "t." + parent + " = p." + parent;
    }

    private String others() {
        String row = keys.size() == 1 ? "t." + keys.getFirst() : "(" + join(keys, ", ", key -> "t." + key) + ")";
        return " and " + row + " not in (select " + keyColumns() + " from unnest(" + keyArrays + ") as s("
                + keyColumns() + "))";
    }

    /**
     * Deletes some rows, at most as many as bound last; returns their keys as text.
     *
     * @param from what to choose them from: relations of which {@code t} is this table
     * @param condition that they meet
     */
    public String deleteSome(String from, String condition) {
        String some = "t.ctid = any (array(select t.ctid from " + from + " where " + isLive("t") + " and " + condition
                + " limit ?)) returning array[" + join(keys, ", ", key -> "t." + key + "::text") + "]";
        return switch (deletes) {
            case HARD -> "delete from " + own + " t where " + some;
            case SOFT -> "update " + own + " t set " + MARK + " where " + some;
        };
    }

    private static String isLive(String alias) {
        return alias + "." + DELETED_AT + " is null";
    }

    /**
     * Deletes rows, alias {@code t}, or marks them as deleted. Those that are marked already stay as they are in both
     * cases: where the user went from soft deletes to hard ones they go by the purge alone.
     */
    private String delete(String source, String condition) {
        String live = condition + " and " + isLive("t");
        return switch (deletes) {
            case HARD -> "delete from " + own + " t using " + source + " where " + live;
            case SOFT -> "update " + own + " t set " + MARK + " from " + source + " where " + live;
        };
    }

    private static String join(List<String> names, String between, Function<String, String> each) {
        return names.stream().map(each).collect(Collectors.joining(between));
    }
}

package io.sequin.postgres.load.resync;

import io.sequin.data.RowKey;
import io.sequin.data.Scope;
import io.sequin.postgres.Identifier;
import io.sequin.postgres.load.row.RowShape;
import io.sequin.postgres.load.table.TableTarget;
import io.sequin.postgres.schema.StateTables;
import io.sequin.postgres.schema.TableDefinition;
import io.sequin.postgres.schema.Transaction;
import java.sql.Array;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one table which a full pass has not met and would have: looked for among some rows at a time, in the order of
 * their keys, or where they have parents of those. So no statement takes longer the larger the table is. A row that is to
 * be fetched is not known to be gone.
 */
final class GoneRows {
    private final RowShape shape;
    private final SeenParts parts;
    private final String own;
    private final String unmet;
    private final String inside;
    private final List<Object> ofInside = new ArrayList<>();
    private final Optional<Instant> ownSince;

    /**
     * @param parent what lists the rows, where the scope has one and a time; needed only then
     */
    GoneRows(String schema, RowShape shape, Scope scope, @Nullable RowShape parent) {
        this.shape = shape;
        this.parts = new SeenParts(shape);
        this.own = "only " + Identifier.quote(schema, shape.name());
        this.ownSince = scope.ownSince();
        this.unmet = isNotIn(schema, StateTables.SEEN, parts.isMet())
                + " and "
                + isNotIn(schema, StateTables.DIRTY, parts.isNamed());
        this.inside = inside(schema, scope, parent);
    }

    private static String isNotIn(String schema, String keys, String same) {
        return "not exists (select from " + Identifier.quote(schema, keys) + " k where k.\"table\" = ? and " + same
                + ")";
    }

    /** A row of which it is not known whether the listing would bring it stays, unless it may be another account's. */
    private String inside(String schema, Scope scope, @Nullable RowShape parent) {
        String listed = listed(schema, scope, parent);
        if (listed.isEmpty() || scope.ownSince().isEmpty()) {
            return listed.isEmpty() ? "true" : listed;
        }
        ofInside.add(scope.ownSince().get().toString());
        return "(" + listed + " or t." + Identifier.quote(TableDefinition.UPDATED_AT) + " < ?::timestamptz)";
    }

    private String listed(String schema, Scope scope, @Nullable RowShape parent) {
        if (scope.since().isEmpty()) {
            return "";
        }
        Scope.Since since = scope.since().get();
        ofInside.add(since.floor().toString());
        String made = Identifier.quote(since.column());
        if (scope.parent().isEmpty()) {
            return "t." + made + " >= ?::timestamptz";
        }
        if (parent == null) {
            throw new IllegalArgumentException("the parent of " + shape.name() + " is not known");
        }
        // rows of a parent that is not there may be those of one that the listing leaves out
        return "exists (select from only " + Identifier.quote(schema, parent.name()) + " p where p."
                + Identifier.quote(parent.column(parent.keys()[0]).name()) + " = t."
                + Identifier.quote(scope.parent().get().column()) + " and p." + made + " >= ?::timestamptz)";
    }

    /**
     * Some rows of the table.
     *
     * @param after they come behind it; empty: they are the first
     * @param rows so many, and all others of the last one's parent
     */
    record Piece(Optional<RowKey> after, int rows) {
        private List<Object> values() {
            List<Object> values = new ArrayList<>();
            after.ifPresent(key -> values.addAll(key.parts()));
            return values;
        }
    }

    /** The key that ends a piece; empty: it holds all the rows that are left. */
    Optional<RowKey> end(Transaction tx, Piece piece) throws SQLException {
        List<Object> values = piece.values();
        values.add(piece.rows() - 1);
        return tx.first(
                "select " + parts.rowKeyAsText() + inOrder(piece) + " offset ? limit 1",
                row -> key(row.getArray(1)),
                values.toArray());
    }

    private String inOrder(Piece piece) {
        return " from " + own + " t where " + parts.hasKey()
                + (piece.after().isPresent() ? " and " + parts.isBehind() : "") + " order by " + parts.columns();
    }

    /**
     * What the source can be asked for.
     *
     * @param keys of rows of a piece that are gone, or where they have parents of those, in order
     * @param end of that very piece; empty: it holds all the rows that are left
     */
    record Unmet(List<RowKey> keys, Optional<RowKey> end) {}

    /**
     * Of a piece what the source can be asked for. Another account's rows it does not know. One statement, since whoever
     * writes to the table besides moves the end of a piece between two: what was not looked at would count as asked for.
     */
    Unmet unmet(Transaction tx, Piece piece) throws SQLException {
        List<Object> values = values(piece);
        String ofAccount = "";
        if (ownSince.isPresent()) {
            ofAccount = " and t." + Identifier.quote(TableDefinition.UPDATED_AT) + " >= ?::timestamptz";
            values.add(ownSince.get().toString());
        }
        values.add(piece.rows() - 1);
        return tx.first(
                        with(piece) + "select array(select " + parts.rowKeyAsText() + " from " + rows() + " where "
                                + live() + ofAccount + " group by " + parts.columns() + " order by "
                                + parts.columns() + "), (select " + parts.rowKeyAsText() + " from s t order by "
                                + parts.columns() + " offset ? limit 1)",
                        row -> new Unmet(keys(row.getArray(1)), end(row.getArray(2))),
                        values.toArray())
                .orElseThrow();
    }

    private static List<RowKey> keys(Array keys) throws SQLException {
        return Stream.of((Object[]) keys.getArray())
                .map(key -> new RowKey(List.of((String[]) key)))
                .toList();
    }

    private static Optional<RowKey> end(@Nullable Array key) throws SQLException {
        return key == null ? Optional.empty() : Optional.of(key(key));
    }

    private static RowKey key(Array key) throws SQLException {
        return new RowKey(List.of((String[]) key.getArray()));
    }

    /** How many rows of a piece are gone. */
    long count(Transaction tx, Piece piece) throws SQLException {
        return count(tx, with(piece), values(piece));
    }

    /** How many rows of a piece the listing could have brought: those that are gone are a part of them. */
    long countListed(Transaction tx, Piece piece) throws SQLException {
        List<Object> values = piece.values();
        values.add(piece.rows());
        values.addAll(ofInside);
        return count(tx, some(piece) + "u as (select distinct * from s) ", values);
    }

    private long count(Transaction tx, String with, List<Object> values) throws SQLException {
        return tx.first(
                        with + "select count(*) from " + rows() + " where " + live(),
                        row -> row.getLong(1),
                        values.toArray())
                .orElseThrow();
    }

    /**
     * Deletes rows of a piece that are gone, or marks them.
     *
     * @return the keys of those that went
     */
    List<RowKey> delete(Transaction tx, TableTarget target, Piece piece, long most) throws SQLException {
        List<Object> values = values(piece);
        values.add(most);
        return tx.list(with(piece) + target.deleteSome(rows(), inside), row -> key(row.getArray(1)), values.toArray());
    }

    /** What {@link #with} binds, and {@link #live}. */
    private List<Object> values(Piece piece) {
        List<Object> values = piece.values();
        values.add(piece.rows());
        values.add(shape.name());
        values.add(shape.name());
        values.addAll(ofInside);
        return values;
    }

    /** Keys of a piece that were not met, as {@code u}. That there are few tells the server to look each up by its index. */
    private String with(Piece piece) {
        return some(piece) + "u as (select t.* from (select distinct * from s) t where " + unmet + ") ";
    }

    private String some(Piece piece) {
        return "with s as (select " + parts.columns() + inOrder(piece) + " limit ?), ";
    }

    /** The rows {@code t} that have one of these keys. */
    private String rows() {
        return "u join " + own + " t on " + parts.isSame();
    }

    private String live() {
        return "t." + Identifier.quote(TableDefinition.DELETED_AT) + " is null and " + inside;
    }
}

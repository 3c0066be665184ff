package io.sequin.postgres.load.resync;

import io.sequin.data.RowKey;
import io.sequin.data.Scope;
import io.sequin.postgres.Identifier;
import io.sequin.postgres.load.row.RowShape;
import io.sequin.postgres.schema.StateTables;
import io.sequin.postgres.schema.TableDefinition;
import io.sequin.postgres.schema.Transaction;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The condition that the rows of one table meet which a full pass has not met and would have. A row that is to be fetched
 * is not known to be gone. Pure.
 */
final class GoneRows {
    private final String table;
    private final RowShape shape;
    private final SeenParts parts;
    private final String gone;
    private final String listed;
    private final List<Object> values = new ArrayList<>();
    private final List<Object> ofListed;
    private final Optional<Instant> ownSince;

    /**
     * @param parent what lists the rows, where the scope has one and a time; needed only then
     */
    GoneRows(String schema, RowShape shape, Scope scope, @Nullable RowShape parent) {
        this.table = Identifier.quote(schema, shape.name());
        this.shape = shape;
        this.parts = new SeenParts(shape);
        this.ownSince = scope.ownSince();
        String unmet = parts.hasKey() + isNotIn(schema, StateTables.SEEN) + isNotIn(schema, StateTables.DIRTY);
        int before = values.size();
        String inside = inside(schema, scope, parent);
        this.gone = unmet + inside;
        this.listed = "true" + inside;
        this.ofListed = List.copyOf(values.subList(before, values.size()));
    }

    private String isNotIn(String schema, String keys) {
        values.add(shape.name());
        return " and not exists (select from " + Identifier.quote(schema, keys) + " k where k.\"table\" = ? and "
                + parts.isMet() + ")";
    }

    /** A row of which it is not known whether the listing would bring it stays, unless it may be another account's. */
    private String inside(String schema, Scope scope, @Nullable RowShape parent) {
        String own = listed(schema, scope, parent);
        if (own.isEmpty() || scope.ownSince().isEmpty()) {
            return own.isEmpty() ? "" : " and " + own;
        }
        values.add(scope.ownSince().get().toString());
        return " and (" + own + " or t." + Identifier.quote(TableDefinition.UPDATED_AT) + " < ?::timestamptz)";
    }

    private String listed(String schema, Scope scope, @Nullable RowShape parent) {
        if (scope.since().isEmpty()) {
            return "";
        }
        Scope.Since since = scope.since().get();
        values.add(since.floor().toString());
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

    /** What {@link #condition} binds, in its order. */
    List<Object> values() {
        return List.copyOf(values);
    }

    /** Whether the listing could have brought row {@code t}: those that are gone are a part of such rows. */
    String listed() {
        return listed;
    }

    /** What {@link #listed} binds, in its order. */
    List<Object> valuesOfListed() {
        return ofListed;
    }

    /** Whether row {@code t} is gone. */
    String condition() {
        return gone;
    }

    /**
     * The keys of such rows, or where they have parents of those, that the source can be asked for: in their order, behind
     * one. Another account's rows it does not know.
     */
    List<RowKey> keys(Transaction tx, Optional<RowKey> after, int most) throws SQLException {
        List<Object> bound = new ArrayList<>(values);
        String more = "";
        if (ownSince.isPresent()) {
            more += " and t." + Identifier.quote(TableDefinition.UPDATED_AT) + " >= ?::timestamptz";
            bound.add(ownSince.get().toString());
        }
        if (after.isPresent()) {
            more += " and " + parts.isBehind();
            bound.addAll(after.get().parts());
        }
        bound.add(most);
        return tx.list(
                "select " + parts.rowKeyAsText() + " from only " + table + " t where t."
                        + Identifier.quote(TableDefinition.DELETED_AT) + " is null and " + gone + more + " group by "
                        + parts.columns() + " order by " + parts.columns() + " limit ?",
                row -> new RowKey(List.of((String[]) row.getArray(1).getArray())),
                bound.toArray());
    }
}

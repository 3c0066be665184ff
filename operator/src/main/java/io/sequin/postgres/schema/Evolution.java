package io.sequin.postgres.schema;

import io.sequin.data.Column;
import io.sequin.data.ColumnType;
import io.sequin.data.Encoding;
import io.sequin.data.NewColumns;
import io.sequin.data.Problem;
import io.sequin.data.TableShape;
import io.sequin.postgres.Identifier;
import io.sequin.postgres.PostgresProblem;
import io.sequin.postgres.SqlState;
import io.sequin.postgres.TableException;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Brings a table that is there to a shape: columns are added and widened, never dropped, renamed or narrowed. */
final class Evolution {
    /** A larger table would be rewritten for too long. */
    static final long MAX_REWRITTEN_ROWS = 10_000;

    /** Classes of errors of a statement that can't be carried out on this table, or that what hangs on it refuses. */
    private static final Set<String> REFUSALS = Set.of("0A", "22", "23", "2B", "42", "P0");

    /** A statement that waits for its lock keeps all others waiting behind it. */
    static final int LOCK_MILLIS = 2_000;

    private final String schema;
    private final NewColumns newColumns;

    Evolution(String schema, NewColumns newColumns) {
        this.schema = schema;
        this.newColumns = newColumns;
    }

    /**
     * What a table was brought to.
     *
     * @param shape what is to be written from now on: as asked for, but for columns left out and types left as they are
     * @param promote fields whose stored overflow values may fit a column now
     * @param lost a column that was there is missing: its values must be read again
     */
    record Evolved(TableShape shape, Set<String> promote, boolean lost, Optional<Problem> drift) {}

    /**
     * Does it, in this transaction.
     *
     * @param shape with the names of columns that hold
     * @param existing the columns that are there: name to type
     * @param rows number of rows
     * @throws TableException LOCK_TIMEOUT, to be tried again
     */
    Evolved evolve(
            Transaction tx,
            TableShape shape,
            Relation relation,
            Map<String, String> existing,
            List<StoredColumn> stored,
            long rows)
            throws SQLException {
        try {
            return changed(tx, shape, relation, existing, stored, rows);
        } catch (SQLException e) {
            if (!SqlState.LOCK_NOT_AVAILABLE.equals(e.getSQLState())) {
                throw e;
            }
            String message = "Table " + Identifier.quote(schema, shape.name()) + " is to get columns, and others have"
                    + " used it for " + LOCK_MILLIS / 1_000 + " seconds without a pause; tried again";
            throw new TableException(
                    shape.name(), Problem.of(PostgresProblem.LOCK_TIMEOUT, message), e.getSQLState(), null);
        }
    }

    private Evolved changed(
            Transaction tx,
            TableShape shape,
            Relation relation,
            Map<String, String> existing,
            List<StoredColumn> stored,
            long rows)
            throws SQLException {
        List<Column> columns = new ArrayList<>();
        List<TypeDrift> drifts = new ArrayList<>();
        for (Column column : shape.columns()) {
            String actual = existing.get(column.name());
            if (actual != null) {
                columns.add(typed(tx, shape, relation, column, actual, rows, drifts));
            } else if (newColumns == NewColumns.ADD || isNeeded(shape, column)) {
                columns.add(column);
            }
        }
        Optional<String> stamp = shape.stamp().filter(name -> isAsOffered(shape, columns, name));
        TableShape next = new TableShape(shape.name(), columns, shape.primaryKey(), shape.parent(), stamp);
        String missing = new TableDefinition(schema, next).addMissing(existing);
        if (!missing.isEmpty()) {
            tx.limit("lock_timeout", LOCK_MILLIS);
            tx.execute(missing);
        }
        boolean lost = !existing.containsKey(TableDefinition.EXTRA)
                || !existing.containsKey(TableDefinition.DELETED_AT)
                || columns.stream()
                        .anyMatch(c -> !existing.containsKey(c.name())
                                && stored.stream().anyMatch(s -> s.name().equals(c.name())));
        Optional<Problem> drift = TypeDrift.problem(schema, shape.name(), relation.owner(), drifts);
        return new Evolved(next, promoted(next, existing, stored), lost, drift);
    }

    /** A stamp in a column of another type might be ordered in another way. */
    private static boolean isAsOffered(TableShape shape, List<Column> columns, String name) {
        return shape.columns().stream().anyMatch(c -> c.name().equals(name) && columns.contains(c));
    }

    private static boolean isNeeded(TableShape shape, Column column) {
        return shape.primaryKey().contains(column.name())
                || shape.parent().filter(column.name()::equals).isPresent();
    }

    /** Fields of columns that are new, offered again, or of another type than when they were last written. */
    private static Set<String> promoted(TableShape shape, Map<String, String> existing, List<StoredColumn> stored) {
        Set<String> fields = new LinkedHashSet<>();
        for (Column column : shape.columns()) {
            boolean apart = stored.stream()
                    .anyMatch(s -> s.name().equals(column.name())
                            && (s.idle() || !s.type().equals(SqlType.name(column.type()))));
            if (!isNeeded(shape, column) && (apart || !existing.containsKey(column.name()))) {
                fields.add(column.field());
            }
        }
        return fields;
    }

    /** The column as it is to be written: with the wanted type where it has that now. */
    private Column typed(
            Transaction tx,
            TableShape shape,
            Relation relation,
            Column wanted,
            String actual,
            long rows,
            List<TypeDrift> drifts)
            throws SQLException {
        if (actual.equals(SqlType.name(wanted.type())) || shape.primaryKey().contains(wanted.name())) {
            return wanted;
        }
        String quoted = Identifier.quote(wanted.name());
        Optional<String> using = Widening.expression(actual, wanted.type(), quoted);
        List<String> dependents = using.isPresent() ? relation.dependents(tx, wanted.name()) : List.of();
        if (using.isPresent()
                && rows < MAX_REWRITTEN_ROWS
                && dependents.isEmpty()
                && widen(tx, shape.name(), wanted, using.get())) {
            return wanted;
        }
        Optional<ColumnType> ours = Widening.ours(actual);
        if (ours.isEmpty()) {
            // the server converts what it can
            return wanted;
        }
        if (!Widening.holds(ours.get(), wanted.type())) {
            drifts.add(new TypeDrift(wanted.name(), actual, wanted.type(), dependents));
        }
        Encoding encoding = ours.get() == ColumnType.TEXT ? Encoding.ANY_AS_TEXT : Encoding.PLAIN;
        return new Column(wanted.name(), wanted.field(), ours.get(), encoding);
    }

    /** False where an index or a constraint of the user's own can't follow the type: then the user has to decide. */
    private boolean widen(Transaction tx, String table, Column column, String using) throws SQLException {
        tx.limit("lock_timeout", LOCK_MILLIS);
        Savepoint before = tx.connection().setSavepoint();
        try {
            tx.execute("alter table " + Identifier.quote(schema, table) + " alter column "
                    + Identifier.quote(column.name()) + " type " + SqlType.name(column.type()) + " using " + using);
            return true;
        } catch (SQLException e) {
            String state = e.getSQLState();
            if (state == null
                    || state.equals(SqlState.INSUFFICIENT_PRIVILEGE)
                    || REFUSALS.stream().noneMatch(state::startsWith)) {
                throw e;
            }
            tx.connection().rollback(before);
            return false;
        }
    }
}

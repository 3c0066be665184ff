package io.sequin.postgres.schema;

import io.sequin.data.Instruction;
import io.sequin.data.Problem;
import io.sequin.data.TableShape;
import io.sequin.postgres.Identifier;
import io.sequin.postgres.PostgresProblem;
import io.sequin.postgres.SqlState;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The index by which the rows of a parent are found. Without it they are found slowly, which is no reason to keep a table,
 * or a whole Sync, from being written.
 */
public final class ParentIndex {
    /** Some seconds' work on a slow server. A larger table would be locked against its user's own writers for minutes. */
    static final long MAX_ROWS = 1_000_000;

    /** Somebody writes the table, or it takes too long. */
    private static final Set<String> NOT_NOW = Set.of(SqlState.LOCK_NOT_AVAILABLE, SqlState.QUERY_CANCELED);

    private final String schema;

    public ParentIndex(String schema) {
        this.schema = schema;
    }

    /** Makes it in a table that was just created. */
    void create(Transaction tx, TableShape shape) throws SQLException {
        if (shape.parent().isPresent()) {
            tx.execute("create index on " + on(shape));
        }
    }

    /**
     * Makes it where it is missing, and quickly made.
     *
     * @param rows about how many the table has
     * @return what a person should do where it is still missing
     */
    Optional<Problem> ensure(Transaction tx, TableShape shape, Relation relation, long rows) throws SQLException {
        Optional<String> parent = shape.parent();
        if (parent.isEmpty() || relation.indexed().contains(parent.get()) || (rows < MAX_ROWS && made(tx, shape))) {
            return Optional.empty();
        }
        return Optional.of(problem(
                shape.name(),
                parent.get(),
                relation,
                ": it works, but each change of a parent reads the whole table. Run ",
                " Then set spec.suspend to true and back to false"));
    }

    /**
     * What a person should do before all rows of a table are walked through by their parents: without the index all of them
     * would be sorted for each piece.
     *
     * @param rows about how many the table has
     * @return empty: it may begin
     */
    public Optional<Problem> missingForAWalk(Transaction tx, String table, String parent, long rows)
            throws SQLException {
        Optional<Relation> large = rows < MAX_ROWS ? Optional.empty() : Relation.find(tx, schema, table);
        return large.filter(relation -> !relation.indexed().contains(parent))
                .map(relation -> problem(
                        table,
                        parent,
                        relation,
                        ", without which a re-sync can't find what is gone of so many rows: nothing is deleted before. Run ",
                        " It goes on by itself then"));
    }

    private Problem problem(String table, String parent, Relation relation, String effect, String then) {
        String name = Identifier.quote(schema, table);
        String column = Identifier.quote(parent);
        String sql = "create index concurrently on " + name + " (" + column + ");";
        String message = "Table " + name + " has no index on " + column + ", its parent's key" + effect + sql + then;
        Instruction cure = new Instruction(
                "Make the rows of a parent in " + name + " quick to find", relation.owner() + ", or a superuser", sql);
        return new Problem(PostgresProblem.INDEX_MISSING, message, List.of(cure), Optional.empty());
    }

    private boolean made(Transaction tx, TableShape shape) throws SQLException {
        tx.limit("lock_timeout", Evolution.LOCK_MILLIS);
        Savepoint before = tx.connection().setSavepoint();
        try {
            create(tx, shape);
            return true;
        } catch (SQLException e) {
            if (!NOT_NOW.contains(String.valueOf(e.getSQLState()))) {
                throw e;
            }
            tx.connection().rollback(before);
            return false;
        }
    }

    private String on(TableShape shape) {
        return Identifier.quote(schema, shape.name()) + " ("
                + Identifier.quote(shape.parent().orElseThrow()) + ")";
    }
}

package io.sequin.postgres.schema;

import io.sequin.data.Instruction;
import io.sequin.data.Problem;
import io.sequin.data.TableShape;
import io.sequin.postgres.Identifier;
import io.sequin.postgres.PostgresProblem;
import io.sequin.postgres.TableException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** By what a table's rows are told apart and found: where somebody has altered that nothing is written to the table. */
final class TableKey {
    private final String schema;
    private final TableShape shape;
    private final Relation relation;
    private final Map<String, String> existing;

    private TableKey(String schema, TableShape shape, Relation relation, Map<String, String> existing) {
        this.schema = schema;
        this.shape = shape;
        this.relation = relation;
        this.existing = existing;
    }

    /**
     * Makes sure of it.
     *
     * @param existing types of its columns by their names
     * @throws TableException TABLE_ALTERED with the cure
     */
    static void require(String schema, TableShape shape, Relation relation, Map<String, String> existing) {
        TableKey key = new TableKey(schema, shape, relation, existing);
        key.requireColumns();
        key.requireTextsAsTheyAre();
        key.requireIndex();
    }

    /** A key column made again is null in all rows that are there: each object would come once more. */
    private void requireColumns() {
        String lost = shape.primaryKey().stream()
                .filter(column -> !existing.containsKey(column))
                .map(Identifier::quote)
                .collect(Collectors.joining(", "));
        if (!lost.isEmpty()) {
            String sql = "drop table " + name() + ";";
            throw altered(
                    "Table " + name() + " has no column " + lost
                            + " any more, by which its rows are told apart. Where it"
                            + " was renamed give it its name again; else run " + sql
                            + " The table is made and filled anew then, and no other table waits",
                    "Let table " + name() + " be made anew",
                    sql);
        }
    }

    /** Of two objects whose keys count as equal one row would be made. */
    private void requireTextsAsTheyAre() {
        List<String> blurred = Stream.concat(shape.primaryKey().stream(), shape.parent().stream())
                .filter(relation.blurred()::contains)
                .distinct()
                .toList();
        if (!blurred.isEmpty()) {
            String columns = blurred.stream().map(Identifier::quote).collect(Collectors.joining(", "));
            String sql = blurred.stream()
                    .map(column -> "alter column " + Identifier.quote(column) + " type " + existing.get(column)
                            + " collate \"default\"")
                    .collect(Collectors.joining(", ", "alter table " + name() + " ", ";"));
            throw altered(
                    "Table " + name() + " has a collation on " + columns + ", by which its rows are told apart, for"
                            + " which different texts may be equal: of two objects it would make one row. Run " + sql
                            + " Its changes are kept until then, and no other table waits",
                    "Let the rows of table " + name() + " be told apart",
                    sql);
        }
    }

    private void requireIndex() {
        if (shape.primaryKey().stream().noneMatch(relation.indexed()::contains)) {
            String columns = shape.primaryKey().stream().map(Identifier::quote).collect(Collectors.joining(", "));
            String kind = relation.hasPrimaryKey() ? "unique" : "primary key";
            String sql = "alter table " + name() + " add " + kind + " (" + columns + ");";
            throw altered(
                    "Table " + name() + " has no index on (" + columns + ") by which its rows are found any more. Run "
                            + sql + " Its changes are kept until then, and no other table waits",
                    "Let table " + name() + " be written",
                    sql);
        }
    }

    private String name() {
        return Identifier.quote(schema, shape.name());
    }

    private TableException altered(String message, String summary, String sql) {
        Instruction cure =
                new Instruction(summary, "the owner of the table (" + relation.owner() + "), or a superuser", sql);
        Problem problem = new Problem(PostgresProblem.TABLE_ALTERED, message, List.of(cure), Optional.empty());
        return new TableException(shape.name(), problem, null, null);
    }
}

package io.sequin.postgres.schema;

import io.sequin.data.ColumnType;
import io.sequin.data.Instruction;
import io.sequin.data.Problem;
import io.sequin.postgres.Identifier;
import io.sequin.postgres.PostgresProblem;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A column whose type is not what the source sends any more, and that is not ours to change by itself.
 *
 * @param actual its type, as the server prints it
 * @param dependents what would have to be dropped first, as Postgres describes it
 */
record TypeDrift(String column, String actual, ColumnType wanted, List<String> dependents) {
    TypeDrift {
        dependents = List.copyOf(dependents);
    }

    /** All those of a table; empty where there are none. */
    static Optional<Problem> problem(String schema, String table, String owner, List<TypeDrift> all) {
        if (all.isEmpty()) {
            return Optional.empty();
        }
        String columns = all.stream()
                .map(d -> Identifier.quote(d.column) + " is " + d.actual + ", the source has " + SqlType.name(d.wanted))
                .collect(Collectors.joining("; "));
        String message = "Columns of table " + Identifier.quote(schema, table)
                + " have another type than the source: " + columns + ". Values that don't fit are kept in "
                + Identifier.quote(TableDefinition.EXTRA) + ", and move to the column once it is altered";
        return Optional.of(new Problem(
                PostgresProblem.TYPE_DRIFT,
                message,
                all.stream().map(d -> d.cure(schema, table, owner)).toList(),
                Optional.empty()));
    }

    /** To the wanted type where that loses nothing, else to text, which holds everything. */
    private Instruction cure(String schema, String table, String owner) {
        String quoted = Identifier.quote(column);
        ColumnType to = Widening.expression(actual, wanted, quoted).isPresent() ? wanted : ColumnType.TEXT;
        String using = Widening.expression(actual, to, quoted).orElse(quoted + "::text");
        String first = dependents.isEmpty()
                ? ""
                : "; drop before, and create again after it: " + String.join(", ", dependents);
        return new Instruction(
                "Give column " + quoted + " a type that holds what the source sends; the table is rewritten and locked"
                        + " meanwhile" + first + ". Then set spec.suspend to true and back to false",
                owner + ", or a superuser",
                "alter table " + Identifier.quote(schema, table) + " alter column " + quoted + " type "
                        + SqlType.name(to) + " using " + using + ";");
    }
}

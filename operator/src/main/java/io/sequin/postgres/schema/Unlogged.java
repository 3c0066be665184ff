package io.sequin.postgres.schema;

import io.sequin.data.Instruction;
import io.sequin.data.Problem;
import io.sequin.postgres.Identifier;
import io.sequin.postgres.PostgresProblem;
import io.sequin.postgres.TableException;
import java.util.List;
import java.util.Optional;

/**
 * A table that somebody has made unlogged: the server takes every row, has none of them after a crash, and gives none to
 * its replicas (manual, CREATE TABLE). So nothing is written to it.
 */
final class Unlogged {
    private Unlogged() {}

    /**
     * Why nothing is written to the table.
     *
     * @param owner of the table
     * @param emptied rows were in it, and none is
     */
    static TableException refusal(String schema, String table, String owner, boolean emptied) {
        String name = Identifier.quote(schema, table);
        String sql = "alter table " + name + " set logged;";
        String message = "Table " + name + " is unlogged: a crash of the server empties it, and replicas don't have its"
                + " rows. "
                + (emptied ? "It is empty already, and is filled anew once that is cured. " : "")
                + "Run " + sql + " Its changes are kept until then, and no other table waits";
        Instruction cure = new Instruction(
                "Have the rows of table " + name + " survive a crash",
                "the owner of the table (" + owner + "), or a superuser",
                sql);
        Problem problem = new Problem(PostgresProblem.TABLE_ALTERED, message, List.of(cure), Optional.empty());
        return new TableException(table, problem, null, null);
    }
}

package io.sequin.postgres;

import io.sequin.data.Problem;
import org.jspecify.annotations.Nullable;

/** Trouble that concerns one table of ours; the others can go on. */
public final class TableException extends PostgresException {
    private static final long serialVersionUID = 1L;

    private final String table;

    public TableException(String table, Problem problem, @Nullable String sqlState, @Nullable Throwable cause) {
        super(problem, sqlState, cause);
        this.table = table;
    }

    public String table() {
        return table;
    }
}

package io.sequin.operator.sync;

import io.sequin.engine.TableProgress;
import java.util.List;
import java.util.Optional;

/** What is said of records that Postgres can't take. Without their number, which may change with each commit. Pure. */
final class SetAside {
    private SetAside() {}

    /** In words, with the statement that shows them; empty where there are none. */
    static Optional<String> message(List<TableProgress> tables, String schema) {
        List<TableProgress> with = tables.stream().filter(t -> t.errors() > 0).toList();
        return with.isEmpty()
                ? Optional.empty()
                : Optional.of("Postgres can't take some records of " + (with.size() == 1 ? "table " : "tables ")
                        + Summary.names(with) + "; they are set aside, all others are written. To see them: select"
                        + " \"table\", key, reason, message from \"" + schema.replace("\"", "\"\"")
                        + "\"._sync_error; each goes once its object changes at the source to something that fits.");
    }
}

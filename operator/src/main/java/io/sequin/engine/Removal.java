package io.sequin.engine;

import io.sequin.data.Instruction;
import io.sequin.data.Problem;
import io.sequin.postgres.schema.Dropped;
import io.sequin.postgres.schema.LeftBehind;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Collectors;

/** How far the removal of a deleted Sync's data is. */
public sealed interface Removal {
    /**
     * Not done yet.
     *
     * @param since when this loop began to try
     * @param problem why the last try failed; empty while there was none
     */
    record Trying(Instant since, Optional<Problem> problem) implements Removal {}

    /**
     * Nothing of ours is left but what is told.
     *
     * @param left what stays and why, in words, with the statement that drops it; empty where nothing stays
     */
    record Done(Optional<Left> left) implements Removal {}

    /** Can't be done, and waiting does not help. */
    record Hopeless(Problem problem) implements Removal {}

    /** What stays in the database. */
    record Left(String words, Instruction cure) {}

    /**
     * How a person drops all data of a schema that the operator can't reach.
     *
     * @param uid of the Sync whose data it is
     */
    static Instruction everything(String schema, String uid) {
        return LeftBehind.everything(schema, uid);
    }

    /** What a drop came to. */
    static Done done(String schema, Dropped dropped) {
        return new Done(LeftBehind.rest(schema, dropped)
                .map(cure -> new Left(words(schema, dropped) + " Once that is gone, run:", cure)));
    }

    private static String words(String schema, Dropped dropped) {
        if (dropped.kept().isEmpty()) {
            return "Schema " + schema + " stays, since something that this Sync did not make is in it.";
        }
        return dropped.kept().stream()
                .map(kept -> "Table " + kept.table() + " of schema " + schema + " stays, since it is needed by "
                        + String.join(", ", kept.dependents()) + ".")
                .collect(Collectors.joining(" "));
    }
}

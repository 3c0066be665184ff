package io.sequin.operator.sync;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The types of a Sync's conditions beside {@code Ready}, {@code Reconciling} and {@code Stalled}. */
enum SyncCondition {
    DESTINATION_READY("DestinationReady"),
    SOURCE_READY("SourceReady"),
    SCHEMA_READY("SchemaReady"),
    BACKFILL_COMPLETE("BackfillComplete"),
    UP_TO_DATE("UpToDate");

    /** All of them. */
    static final Set<String> TYPES =
            Stream.of(values()).map(SyncCondition::type).collect(Collectors.toUnmodifiableSet());

    private final String type;

    SyncCondition(String type) {
        this.type = type;
    }

    String type() {
        return type;
    }
}

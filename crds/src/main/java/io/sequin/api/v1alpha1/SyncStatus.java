package io.sequin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the operator found out about a {@link Sync}, and how far it is. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SyncStatus(
        @JsonPropertyDescription("The generation of the object that the verdict in conditions is about.") @Nullable
        Long observedGeneration,

        @JsonPropertyDescription("Observations; Ready sums them up.")
        List<Condition> conditions,

        @JsonPropertyDescription("The source as it was last seen.") @Nullable
        SyncSourceStatus source,

        @JsonPropertyDescription("The database schema that is written to.") @Nullable
        String schema,

        @JsonPropertyDescription("Identity of the data set in the database.") @Nullable
        String storageId,

        @JsonPropertyDescription(
                "Tables in the schema that this Sync filled once and does not fill any more, since spec.tables leaves"
                        + " them out; at most 200.")
        List<String> retainedTables,

        @JsonPropertyDescription("The tables, unhealthy ones first; at most 200.")
        List<TableStatus> tables,

        @JsonPropertyDescription("How many tables this Sync has.") @Nullable
        Long tablesTotal,

        @JsonPropertyDescription("How many tables are live, of how many, for example 3/3.") @Nullable
        String tablesLive,

        @JsonPropertyDescription("Rows in all tables, counted as they are written.") @Nullable
        Long rows,

        @JsonPropertyDescription("When a row was last changed.")
        @JsonDeserialize(using = LenientInstant.class)
        @Nullable
        Instant lastChangeTime,

        @JsonPropertyDescription("What became of spec.resync.") @Nullable
        SyncResyncStatus resync,

        @JsonPropertyDescription("What you must do, in order; empty when nothing is missing.")
        List<Instruction> instructions) {

    public SyncStatus {
        conditions = conditions == null ? List.of() : List.copyOf(conditions);
        retainedTables = retainedTables == null ? List.of() : List.copyOf(retainedTables);
        tables = tables == null ? List.of() : List.copyOf(tables);
        instructions = instructions == null ? List.of() : List.copyOf(instructions);
    }

    /** Of a Sync that knows of no re-sync. */
    public SyncStatus(
            @Nullable Long observedGeneration,
            List<Condition> conditions,
            @Nullable SyncSourceStatus source,
            @Nullable String schema,
            @Nullable String storageId,
            List<String> retainedTables,
            List<TableStatus> tables,
            @Nullable Long tablesTotal,
            @Nullable String tablesLive,
            @Nullable Long rows,
            @Nullable Instant lastChangeTime,
            List<Instruction> instructions) {
        this(
                observedGeneration,
                conditions,
                source,
                schema,
                storageId,
                retainedTables,
                tables,
                tablesTotal,
                tablesLive,
                rows,
                lastChangeTime,
                null,
                instructions);
    }
}

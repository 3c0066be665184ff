package io.sequin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One table of a Sync. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TableStatus(
        @JsonPropertyDescription("Name of the table inside the schema.") @Nullable
        String name,

        @JsonPropertyDescription("Where the table stands, in one CamelCase word, for example Backfilling or Live.")
        @Nullable
        String state,

        @JsonPropertyDescription("Rows in the table, counted as they are written.") @Nullable
        Long rows,

        @JsonPropertyDescription("How much of the first pass is done, 0 to 100.") @Nullable
        Long backfillPercent,

        @JsonPropertyDescription("When a row of this table was last changed.")
        @JsonDeserialize(using = LenientInstant.class)
        @Nullable
        Instant lastChangeTime,

        @JsonPropertyDescription(
                "What is wrong with the table or waits for a person, and what to do: all of it, with the codes that"
                        + " spec.deleteGuard.confirm takes; absent when there is nothing.")
        @Nullable
        String message,

        @JsonPropertyDescription(
                "Records of the table that Postgres can't take and that are set aside in _sync_error; absent where there"
                        + " are none.")
        @Nullable
        Long errors) {
    /** Of a table without records set aside. */
    public TableStatus(
            @Nullable String name,
            @Nullable String state,
            @Nullable Long rows,
            @Nullable Long backfillPercent,
            @Nullable Instant lastChangeTime,
            @Nullable String message) {
        this(name, state, rows, backfillPercent, lastChangeTime, message, null);
    }
}

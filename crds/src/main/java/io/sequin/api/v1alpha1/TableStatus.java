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

        @JsonPropertyDescription("What is wrong with the table and what to do; empty when nothing is.") @Nullable
        String message) {}

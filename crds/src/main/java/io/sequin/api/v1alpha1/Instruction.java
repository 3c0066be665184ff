package io.sequin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** One thing that a person must do, with SQL that can be pasted as it stands. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Instruction(
        @JsonPropertyDescription("What to do, in one sentence.") @Nullable
        String summary,

        @JsonPropertyDescription("The database user that can do it.") @Nullable
        String runAs,

        @JsonPropertyDescription("The SQL to run.") @Nullable
        String sql) {}

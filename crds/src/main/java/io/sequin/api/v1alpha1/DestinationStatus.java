package io.sequin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the operator found out about a {@link Destination}. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DestinationStatus(
        @JsonPropertyDescription("The generation of the object that the verdict in conditions is about.") @Nullable
        Long observedGeneration,

        @JsonPropertyDescription("Observations; Ready sums them up.")
        List<Condition> conditions,

        @JsonPropertyDescription("The server as it was last seen.") @Nullable
        ServerStatus server,

        @JsonPropertyDescription("What you must do, in order; empty when nothing is missing.")
        List<Instruction> instructions,

        @JsonPropertyDescription("How many Syncs write to this Destination.") @Nullable
        Long syncs) {

    public DestinationStatus {
        conditions = conditions == null ? List.of() : List.copyOf(conditions);
        instructions = instructions == null ? List.of() : List.copyOf(instructions);
    }
}

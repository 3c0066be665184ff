package io.sequin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import io.fabric8.generator.annotation.Required;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * One observation, in the shape of {@code metav1.Condition}. The transition time has whole seconds, as elsewhere in
 * Kubernetes, so that a condition that was written and read back equals itself.
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Condition(
        @JsonPropertyDescription("What is observed, for example Ready.") @Required
        String type,

        @JsonPropertyDescription("True, False or Unknown.") @Nullable
        String status,

        @JsonPropertyDescription("The generation of the object that this observation speaks about.") @Nullable
        Long observedGeneration,

        @JsonPropertyDescription("When status last changed from one value to another.")
        @JsonDeserialize(using = LenientInstant.class)
        @Nullable
        Instant lastTransitionTime,

        @JsonPropertyDescription("The cause in one CamelCase word, for programs.") @Nullable
        String reason,

        @JsonPropertyDescription("What happened and what to do, for people.") @Nullable
        String message) {

    public Condition {
        type = type == null ? type : word(type);
        status = status == null ? null : word(status);
        reason = reason == null ? null : word(reason);
        lastTransitionTime = lastTransitionTime == null ? null : lastTransitionTime.truncatedTo(ChronoUnit.SECONDS);
    }

    /** Of a few words that thousands of conditions say; as read from the API server each would be a String of its own. */
    private static String word(String text) {
        return text.intern();
    }
}

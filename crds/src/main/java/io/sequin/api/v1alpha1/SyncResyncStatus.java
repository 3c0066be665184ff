package io.sequin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** What became of {@link SyncSpec#resync}. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SyncResyncStatus(
        @JsonPropertyDescription("The token of the last re-sync that is done, or that was there from the start.")
        @Nullable
        String handledToken,

        @JsonPropertyDescription("The token of the re-sync under way; absent while none is.") @Nullable
        String runningToken) {}

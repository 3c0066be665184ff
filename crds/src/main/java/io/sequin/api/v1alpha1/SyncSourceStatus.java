package io.sequin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** The source as the operator last saw it. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SyncSourceStatus(
        @JsonPropertyDescription("The kind of source, for example Stripe.") @Nullable
        String type,

        @JsonPropertyDescription("The account that the credentials belong to.") @Nullable
        String account) {}

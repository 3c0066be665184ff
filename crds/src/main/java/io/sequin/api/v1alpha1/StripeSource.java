package io.sequin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;

/** A Stripe account, read through its API. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record StripeSource(
        @JsonPropertyDescription(
                "The Secret and the key that hold the API key; a restricted key with read rights is enough.")
        @Required
        SecretKeyRef apiKeySecretRef) {}

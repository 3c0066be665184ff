package io.sequin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** Where the data comes from: exactly one member. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(value = "[has(self.stripe)].filter(member, member).size() == 1", message = "set exactly one of: stripe")
@ValidationRule(
        value = "has(self.stripe) == has(oldSelf.stripe)",
        message = "the kind of source can't change: create a new Sync for the other source")
public record SyncSource(
        @JsonPropertyDescription("A Stripe account.") @Nullable
        StripeSource stripe) {}

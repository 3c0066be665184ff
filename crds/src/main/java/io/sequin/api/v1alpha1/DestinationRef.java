package io.sequin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** The Destination, in the same namespace, that a Sync writes to. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "self.name.matches(r'" + Api.OBJECT_NAME + "')",
        message = "name must be the name of a Destination: lower-case letters, digits, '-' and '.'",
        fieldPath = ".name")
@ValidationRule(
        value = "self.name == oldSelf.name",
        message = "destinationRef can't change: create a new Sync for the other Destination",
        fieldPath = ".name")
public record DestinationRef(
        @JsonPropertyDescription("Name of the Destination, in the same namespace.")
        @Required
        @Size(min = 1, max = 253)
        @Pattern(Api.OBJECT_NAME)
        String name) {}

package io.sequin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** One value of a ConfigMap in the namespace of the object that refers to it. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "self.name.matches(r'" + Api.OBJECT_NAME + "')",
        message = "name must be the name of a ConfigMap: lower-case letters, digits, '-' and '.'",
        fieldPath = ".name")
@ValidationRule(
        value = "self.key.matches(r'" + Api.SECRET_KEY + "')",
        message = "key must be a key of the ConfigMap: letters, digits, '-', '_' and '.'",
        fieldPath = ".key")
public record ConfigMapKeyRef(
        @JsonPropertyDescription("Name of the ConfigMap, in the same namespace.")
        @Required
        @Size(min = 1, max = 253)
        @Pattern(Api.OBJECT_NAME)
        String name,

        @JsonPropertyDescription("Key of the value inside the ConfigMap.")
        @Required
        @Size(min = 1, max = 253)
        @Pattern(Api.SECRET_KEY)
        String key) {}

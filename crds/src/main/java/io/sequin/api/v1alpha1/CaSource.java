package io.sequin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** Where the certificates of the trusted authorities (PEM) come from: exactly one member. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "[has(self.secretKeyRef), has(self.configMapKeyRef)].filter(member, member).size() == 1",
        message = "set exactly one of: secretKeyRef, configMapKeyRef")
public record CaSource(
        @JsonPropertyDescription("A key of a Secret that holds the certificates in PEM form.") @Nullable
        SecretKeyRef secretKeyRef,

        @JsonPropertyDescription("A key of a ConfigMap that holds the certificates in PEM form.") @Nullable
        ConfigMapKeyRef configMapKeyRef) {}

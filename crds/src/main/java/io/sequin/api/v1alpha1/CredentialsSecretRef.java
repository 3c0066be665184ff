package io.sequin.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A Secret with a user name and a password. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "self.name.matches(r'" + Api.OBJECT_NAME + "')",
        message = "name must be the name of a Secret: lower-case letters, digits, '-' and '.'",
        fieldPath = ".name")
@ValidationRule(
        value = "!has(self.usernameKey) || self.usernameKey.matches(r'" + Api.SECRET_KEY + "')",
        message = "usernameKey must be a key of the Secret: letters, digits, '-', '_' and '.'; absent means username",
        fieldPath = ".usernameKey")
@ValidationRule(
        value = "!has(self.passwordKey) || self.passwordKey.matches(r'" + Api.SECRET_KEY + "')",
        message = "passwordKey must be a key of the Secret: letters, digits, '-', '_' and '.'; absent means password",
        fieldPath = ".passwordKey")
public record CredentialsSecretRef(
        @JsonPropertyDescription("Name of the Secret, in the same namespace.")
        @Required
        @Size(min = 1, max = 253)
        @Pattern(Api.OBJECT_NAME)
        String name,

        @JsonPropertyDescription("Key of the user name inside the Secret; absent means username.")
        @Size(min = 1, max = 253)
        @Pattern(Api.SECRET_KEY)
        @Nullable
        String usernameKey,

        @JsonPropertyDescription("Key of the password inside the Secret; absent means password.")
        @Size(min = 1, max = 253)
        @Pattern(Api.SECRET_KEY)
        @Nullable
        String passwordKey) {

    /** The key of the user name; {@code username} unless the manifest says otherwise. */
    public String effectiveUsernameKey() {
        return Objects.requireNonNullElse(usernameKey, "username");
    }

    /** The key of the password; {@code password} unless the manifest says otherwise. */
    public String effectivePasswordKey() {
        return Objects.requireNonNullElse(passwordKey, "password");
    }
}

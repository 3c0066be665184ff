package io.sequin.data;

import java.util.Map;

/**
 * A source as the user configured it.
 *
 * @param kind the member of the union in {@code spec.source}, such as {@code stripe}
 * @param settings that member's fields as JSON, without its references to Secrets
 * @param credentials references to Secrets by the name of the field, such as {@code apiKeySecretRef}
 */
public record SourceConfig(String kind, String settings, Map<String, CredentialRef> credentials) {
    public SourceConfig {
        credentials = Map.copyOf(credentials);
    }
}

package io.sequin.source;

import io.sequin.credentials.CredentialSource;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Clock;
import java.util.Map;

/**
 * What the operator gives every source.
 *
 * @param endpoints base URLs by kind that replace the public ones: an operator's setting, never part of a spec
 * @param userAgent names this operator and its version
 */
public record SourceContext(
        CredentialSource credentials, HttpClient http, Map<String, URI> endpoints, String userAgent, Clock clock) {
    public SourceContext {
        endpoints = Map.copyOf(endpoints);
    }
}

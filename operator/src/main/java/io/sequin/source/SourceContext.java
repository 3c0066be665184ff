package io.sequin.source;

import io.sequin.credentials.CredentialSource;
import io.sequin.data.RateCeiling;
import io.sequin.data.ResourceKey;
import io.sequin.network.http.HttpConnections;
import java.net.URI;
import java.time.Clock;
import java.util.Map;

/**
 * What the operator gives every source.
 *
 * @param endpoints base URLs by kind that replace the public ones: an operator's setting, never part of a spec
 * @param userAgent names this operator and its version
 * @param gates of all sessions of the process
 * @param caller on whose behalf a session is opened
 */
public record SourceContext(
        CredentialSource credentials,
        HttpConnections http,
        Map<String, URI> endpoints,
        String userAgent,
        Clock clock,
        RequestGates gates,
        Caller caller) {

    private static final Caller NOBODY = new Caller(new ResourceKey("", "", ""), RateCeiling.NONE);

    public SourceContext {
        endpoints = Map.copyOf(endpoints);
    }

    /** For nobody yet. */
    public SourceContext(
            CredentialSource credentials,
            HttpConnections http,
            Map<String, URI> endpoints,
            String userAgent,
            Clock clock,
            RequestGates gates) {
        this(credentials, http, endpoints, userAgent, clock, gates, NOBODY);
    }

    /**
     * A Sync that uses sources.
     *
     * @param ceiling what it may ask of its source at most
     */
    public record Caller(ResourceKey sync, RateCeiling ceiling) {}

    /** The same for one Sync. */
    public SourceContext of(ResourceKey sync, RateCeiling ceiling) {
        return new SourceContext(credentials, http, endpoints, userAgent, clock, gates, new Caller(sync, ceiling));
    }

    /** A gate for a session of the caller's; the session closes it. */
    public RequestGate gate(String kind) {
        return gates.open(kind, caller.sync(), caller.ceiling());
    }
}

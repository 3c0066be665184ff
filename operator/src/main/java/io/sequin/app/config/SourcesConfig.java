package io.sequin.app.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Settings of all sources together.
 *
 * @param endpoints base URLs that replace the real ones, by kind of source
 * @param byteBudget bytes of fetched data in memory at once, over all Syncs
 */
public record SourcesConfig(Map<String, URI> endpoints, long byteBudget) {
    private static final long LEAST_BUDGET = 1 << 20;

    public SourcesConfig {
        endpoints = Map.copyOf(endpoints);
        if (byteBudget < LEAST_BUDGET) {
            throw new ConfigException("--byte-budget: must be at least 1Mi");
        }
    }

    /**
     * @param kinds the kinds of source that this operator has
     */
    static SourcesConfig of(Map<String, String> endpoints, String byteBudget, Set<String> kinds) {
        Map<String, URI> urls = new TreeMap<>();
        endpoints.forEach((kind, url) -> {
            if (!kinds.contains(kind)) {
                throw new ConfigException("--source-endpoint: '" + kind + "' is not one of " + new TreeSet<>(kinds));
            }
            urls.put(kind, url(kind, url));
        });
        return new SourcesConfig(urls, Bytes.parse("--byte-budget", byteBudget));
    }

    private static URI url(String kind, String text) {
        try {
            URI url = new URI(text);
            boolean web = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
            if (web && url.getHost() != null && url.getUserInfo() == null && url.getQuery() == null) {
                return url;
            }
        } catch (URISyntaxException notAUrl) {
            throw invalid(kind);
        }
        throw invalid(kind);
    }

    /** Without the text: somebody may have put a password into it. */
    private static ConfigException invalid(String kind) {
        return new ConfigException("--source-endpoint " + kind + "=…: give a URL such as http://127.0.0.1:12111, with"
                + " scheme http or https and without user or query");
    }
}

package io.sequin.app.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Settings of all sources together.
 *
 * @param endpoints base URLs that replace the real ones, by kind of source
 * @param byteBudget bytes of fetched data in memory at once, over all Syncs
 * @param rates requests a second of one account, by kind of source, in place of what we take by ourselves
 * @param caFile certificates that are trusted beside the JVM's; empty: none
 */
public record SourcesConfig(
        Map<String, URI> endpoints, long byteBudget, Map<String, Integer> rates, Optional<Path> caFile) {
    private static final long LEAST_BUDGET = 1 << 20;
    private static final long MOST_BUDGET = 48L << 20;
    private static final int MOST_RATE = 100_000;

    public SourcesConfig {
        endpoints = Map.copyOf(endpoints);
        rates = Map.copyOf(rates);
        rates.forEach((kind, rate) -> {
            if (rate < 1 || rate > MOST_RATE) {
                throw new ConfigException("--source-rate " + kind + "=" + rate + ": must be 1 to " + MOST_RATE);
            }
        });
        if (byteBudget < LEAST_BUDGET) {
            throw new ConfigException("--byte-budget: must be at least 1Mi");
        }
    }

    /**
     * @param kinds the kinds of source that this operator has
     */
    static SourcesConfig of(
            Map<String, String> endpoints,
            String byteBudget,
            Map<String, Integer> rates,
            String caFile,
            Set<String> kinds) {
        Map<String, URI> urls = new TreeMap<>();
        endpoints.forEach((kind, url) -> {
            requireKnown("--source-endpoint", kind, kinds);
            urls.put(kind, url(kind, url));
        });
        rates.keySet().forEach(kind -> requireKnown("--source-rate", kind, kinds));
        return new SourcesConfig(
                urls,
                byteBudget.isBlank()
                        ? usualBudget(Runtime.getRuntime().maxMemory())
                        : Bytes.parse("--byte-budget", byteBudget),
                rates,
                caFile.isBlank() ? Optional.empty() : Optional.of(path(caFile.strip())));
    }

    /** Where none is given: a small heap needs the rest for what is made of the data, and for everything else. */
    static long usualBudget(long heap) {
        return Math.max(LEAST_BUDGET, Math.min(MOST_BUDGET, heap / 5 * 2));
    }

    private static void requireKnown(String flag, String kind, Set<String> kinds) {
        if (!kinds.contains(kind)) {
            throw new ConfigException(flag + ": '" + kind + "' is not one of " + new TreeSet<>(kinds));
        }
    }

    private static Path path(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new ConfigException("--source-ca-file: '" + text + "' is not the name of a file");
        }
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

package io.sequin.app.config;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Which resources are this operator's.
 *
 * @param namespaces where it works; empty: everywhere
 * @param clusterId identity of the cluster in the claims on schemas; empty: the uid of namespace {@code kube-system}
 */
public record WatchConfig(Set<String> namespaces, String clusterId) {
    /** A namespace's name (RFC 1123 label). */
    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");

    private static final int MAX_CLUSTER_ID = 128;

    public WatchConfig {
        namespaces = Set.copyOf(namespaces);
        for (String namespace : namespaces) {
            if (!LABEL.matcher(namespace).matches()) {
                throw new ConfigException("--namespaces: '" + namespace
                        + "' is not the name of a namespace; give names separated by commas, or leave it out for all");
            }
        }
        if (clusterId.length() > MAX_CLUSTER_ID) {
            throw new ConfigException("--cluster-id: at most " + MAX_CLUSTER_ID + " characters");
        }
    }

    static WatchConfig of(List<String> namespaces, String clusterId) {
        return new WatchConfig(new TreeSet<>(namespaces), clusterId.trim());
    }
}

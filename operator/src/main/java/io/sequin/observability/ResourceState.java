package io.sequin.observability;

import java.util.Map;

/**
 * What a resource's status says, for a metric.
 *
 * @param kind such as {@code Sync}
 * @param conditions status by type
 */
public record ResourceState(String kind, String namespace, String name, Map<String, String> conditions) {
    public ResourceState {
        conditions = Map.copyOf(conditions);
    }
}

package io.sequin.observability;

import io.sequin.data.ResourceKey;
import io.sequin.engine.SyncSnapshot;
import java.util.List;
import java.util.Map;

/**
 * What the metrics are made from at the moment of a scrape.
 *
 * @param leader this process leads
 * @param syncs what each running Sync knows of itself
 * @param resources the readiness of every resource
 * @param crashes how often a loop's body threw, which is a bug
 */
public record Observed(
        boolean leader, Map<ResourceKey, SyncSnapshot> syncs, List<ResourceState> resources, long crashes) {
    public Observed {
        syncs = Map.copyOf(syncs);
        resources = List.copyOf(resources);
    }
}

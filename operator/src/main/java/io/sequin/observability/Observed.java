package io.sequin.observability;

import io.sequin.data.ResourceKey;
import io.sequin.engine.SyncSnapshot;
import java.util.List;
import java.util.Map;

/**
 * What the operator knows of itself at the moment of a scrape.
 *
 * @param leader this process leads
 * @param syncs what each running Sync knows of itself
 * @param resources the conditions of every resource, as last written
 * @param loops by kind
 * @param queue reconciles that wait and that run
 */
public record Observed(
        boolean leader,
        Map<ResourceKey, SyncSnapshot> syncs,
        List<ResourceState> resources,
        List<LoopsState> loops,
        Queue queue) {
    public Observed {
        syncs = Map.copyOf(syncs);
        resources = List.copyOf(resources);
        loops = List.copyOf(loops);
    }

    /**
     * The reconciles.
     *
     * @param depth wait for a thread
     * @param active run
     */
    public record Queue(int depth, int active) {}
}

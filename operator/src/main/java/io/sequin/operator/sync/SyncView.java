package io.sequin.operator.sync;

import io.sequin.api.v1alpha1.Destination;
import io.sequin.api.v1alpha1.SyncStatus;
import io.sequin.engine.SyncSnapshot;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * All that the status of a Sync is made from.
 *
 * @param generation of the spec that was read
 * @param decision about its loop
 * @param destination its Destination; empty where there is none
 * @param snapshot what the loop knows, from exactly the plan of the decision; empty while there is none
 * @param running a loop runs, or one is still ending
 * @param last the status before
 */
record SyncView(
        long generation,
        String schema,
        String source,
        Duration pollInterval,
        SyncDecision decision,
        Optional<Destination> destination,
        Optional<SyncSnapshot> snapshot,
        boolean running,
        SyncStatus last) {

    /** The status of an object that has none. */
    static final SyncStatus NO_STATUS =
            new SyncStatus(null, List.of(), null, null, null, List.of(), List.of(), null, null, null, null, List.of());

    /** Whether the last status carries this generation's verdict already, as after a restart of the operator. */
    boolean observed() {
        Long observed = last.observedGeneration();
        return observed != null && observed == generation;
    }

    /** As before the loop knew anything. */
    SyncView withoutSnapshot() {
        return new SyncView(
                generation, schema, source, pollInterval, decision, destination, Optional.empty(), running, last);
    }
}

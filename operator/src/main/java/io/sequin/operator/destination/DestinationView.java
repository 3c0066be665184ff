package io.sequin.operator.destination;

import io.sequin.api.v1alpha1.DestinationStatus;
import io.sequin.operator.kube.Reading;
import io.sequin.verify.DestinationPlan;
import io.sequin.verify.DestinationSnapshot;
import java.util.List;
import java.util.Optional;

/**
 * All that the status of a Destination is made from.
 *
 * @param generation of the spec that was read
 * @param plan what the spec asks for, or why it can't be done
 * @param verdict the last verification of exactly that plan; empty while there is none
 * @param last the status before
 * @param syncs how many Syncs name this Destination
 */
record DestinationView(
        long generation,
        Reading<DestinationPlan> plan,
        Optional<DestinationSnapshot> verdict,
        DestinationStatus last,
        long syncs) {

    /** The status of an object that has none. */
    static final DestinationStatus NO_STATUS = new DestinationStatus(null, List.of(), null, List.of(), null);

    /** Whether the last status carries this generation's verdict already, as after a restart of the operator. */
    boolean observed() {
        Long observed = last.observedGeneration();
        return observed != null && observed == generation;
    }
}

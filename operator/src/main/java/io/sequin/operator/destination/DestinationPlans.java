package io.sequin.operator.destination;

import io.sequin.api.v1alpha1.Destination;
import io.sequin.operator.kube.DestinationSettings;
import io.sequin.operator.kube.Reading;
import io.sequin.verify.DestinationPlan;
import java.time.Duration;

/** What a Destination asks its loop to do. Pure. */
final class DestinationPlans {
    private DestinationPlans() {}

    static Reading<DestinationPlan> of(Destination destination) {
        Duration interval = destination.getSpec().effectiveVerifyInterval();
        return DestinationSettings.of(destination).map(settings -> new DestinationPlan(settings, interval));
    }
}

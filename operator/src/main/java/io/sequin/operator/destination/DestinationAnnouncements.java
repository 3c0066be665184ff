package io.sequin.operator.destination;

import io.sequin.api.v1alpha1.Destination;
import io.sequin.api.v1alpha1.DestinationStatus;
import io.sequin.operator.kube.Announcement;
import io.sequin.operator.kube.Announcements;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What of a Destination is worth an Event: whether it is ready, and why not. */
public final class DestinationAnnouncements implements Announcements<Destination, DestinationStatus> {
    @Override
    public List<Announcement> between(
            Destination destination, @Nullable DestinationStatus before, DestinationStatus after) {
        return Announcements.ready(before == null ? List.of() : before.conditions(), after.conditions()).stream()
                .toList();
    }
}

package io.sequin.source;

import io.sequin.data.RateCeiling;
import io.sequin.data.ResourceKey;

/** Where sessions get their gate. */
@FunctionalInterface
public interface RequestGates {
    /**
     * A gate for one session.
     *
     * @param kind of source
     * @param sync whose session it is: Syncs of one account take turns
     * @param ceiling what this Sync may ask at most
     */
    RequestGate open(String kind, ResourceKey sync, RateCeiling ceiling);
}

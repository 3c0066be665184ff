package io.sequin.data;

import java.util.Optional;

/**
 * What a user says of re-syncs.
 *
 * @param request the one that is to be carried out, unless it was
 * @param guard how much they may delete
 */
public record ResyncPlan(Optional<ResyncRequest> request, DeleteGuard guard) {
    /** None is wanted. */
    public static final ResyncPlan NONE = new ResyncPlan(Optional.empty(), DeleteGuard.USUAL);
}

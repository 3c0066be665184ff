package io.sequin.operator.sync;

import io.sequin.data.ProblemCode;
import io.sequin.data.Remedy;

/** What keeps a Sync from running that lies outside of its own loop. */
public enum SyncProblem implements ProblemCode {
    /** The Destination that {@code spec.destinationRef} names does not exist in this namespace: create it. */
    DESTINATION_NOT_FOUND("DestinationNotFound", Remedy.WAITING),
    /** The Destination is not ready: its own conditions say why. */
    DESTINATION_NOT_READY("DestinationNotReady", Remedy.WAITING);

    private final String reason;
    private final Remedy remedy;

    SyncProblem(String reason, Remedy remedy) {
        this.reason = reason;
        this.remedy = remedy;
    }

    @Override
    public String reason() {
        return reason;
    }

    @Override
    public Remedy remedy() {
        return remedy;
    }
}

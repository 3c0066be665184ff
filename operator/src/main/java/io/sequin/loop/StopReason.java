package io.sequin.loop;

/** Why a loop ends. */
public enum StopReason {
    /** A new plan takes its place. */
    REPLACED,
    /** Its resource is gone: it may let go of what it holds. */
    REMOVED,
    /** This process ends, or lost the permit. */
    SHUTDOWN
}

package io.sequin.loop;

/** Why a loop ends. */
public enum StopReason {
    /** Another body takes its place: of a new plan, or a fresh one after a crash. */
    REPLACED,
    /** Its resource is gone: it may let go of what it holds. */
    REMOVED,
    /** This process ends, or lost the permit. */
    SHUTDOWN
}

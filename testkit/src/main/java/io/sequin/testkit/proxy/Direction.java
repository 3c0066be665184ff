package io.sequin.testkit.proxy;

/** Which way bytes go through a {@link FaultProxy}. */
public enum Direction {
    /** What the client sent. */
    TO_SERVER,
    /** What the server answered. */
    TO_CLIENT
}

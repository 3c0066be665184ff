package io.sequin.postgres;

/**
 * How often pools connected since the start; for metrics.
 *
 * @param opened connections that can be used
 * @param failed tries that gave none
 */
public record Connects(long opened, long failed) {}

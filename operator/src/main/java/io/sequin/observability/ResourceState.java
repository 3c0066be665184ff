package io.sequin.observability;

/**
 * A resource's readiness, for a metric.
 *
 * @param kind such as {@code Sync}
 * @param ready its condition {@code Ready} is true
 */
public record ResourceState(String kind, String namespace, String name, boolean ready) {}

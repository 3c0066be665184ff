package io.sequin.postgres;

/**
 * How a pool is used now; for metrics.
 *
 * @param namespace of the resource whose pool it is
 * @param pool where it leads: {@code host:port/database}
 * @param active connections lent out
 * @param waiting threads that wait for one
 * @param max most connections it may hold
 */
public record PoolUse(String namespace, String pool, int active, int idle, int waiting, int max) {}

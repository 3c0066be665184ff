package io.sequin.data;

/**
 * Who a schema belongs to.
 *
 * @param cluster identity of the Kubernetes cluster
 * @param sync the Sync; the same namespace and name with another uid is the same owner, re-created
 * @param source kind of source, such as {@code stripe}
 */
public record Owner(String cluster, ResourceKey sync, String source) {}

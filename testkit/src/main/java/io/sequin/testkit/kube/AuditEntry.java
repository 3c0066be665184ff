package io.sequin.testkit.kube;

import org.jspecify.annotations.Nullable;

/**
 * One request, as the API server's audit log tells it.
 *
 * @param user who authenticated
 * @param impersonatedUser whom the user acted as, if anyone
 * @param verb get, list, watch, create, update, patch, delete, deletecollection
 * @param apiGroup of the resource; empty: the core group, or no resource
 * @param resource the plural, such as {@code secrets}; null for a URL that is no resource
 * @param subresource such as {@code status}, if any
 * @param namespace null for cluster-wide requests
 * @param name of the object; null for collections and creations
 * @param code the HTTP status of the answer
 */
public record AuditEntry(
        String user,
        @Nullable String impersonatedUser,
        String verb,
        String apiGroup,
        @Nullable String resource,
        @Nullable String subresource,
        @Nullable String namespace,
        @Nullable String name,
        int code) {
    /** Whose rights decided: the impersonated user, else the one who authenticated. */
    public String actor() {
        return impersonatedUser == null ? user : impersonatedUser;
    }
}

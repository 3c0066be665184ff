package io.sequin.api.v1alpha1;

/** Names that both kinds share. */
public final class Api {
    /** The API group. */
    public static final String GROUP = "sequin.io";
    /** The version of this package. */
    public static final String VERSION = "v1alpha1";
    /** The category, so that {@code kubectl get sequin} lists both kinds. */
    public static final String CATEGORY = "sequin";

    /** JSON path of the condition {@code Ready}, for the printer columns. */
    static final String READY = ".status.conditions[?(@.type==\"Ready\")]";

    /** Name of a Kubernetes object (RFC 1123 subdomain). */
    static final String OBJECT_NAME = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$";
    /** Key of a Secret or ConfigMap. */
    static final String SECRET_KEY = "^[-._a-zA-Z0-9]+$";
    /** Duration in Go's syntax. */
    static final String DURATION = "^([0-9]{1,6}(\\.[0-9]{1,3})?(ms|s|m|h))+$";

    private Api() {}
}

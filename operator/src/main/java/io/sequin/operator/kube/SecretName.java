package io.sequin.operator.kube;

import io.sequin.data.CredentialRef;
import io.sequin.data.CredentialRef.Kind;

/** A Secret, or a ConfigMap that is used like one, by its name. */
public record SecretName(Kind kind, String namespace, String name) {
    /** A Secret. */
    public SecretName(String namespace, String name) {
        this(Kind.SECRET, namespace, name);
    }

    public static SecretName of(CredentialRef ref) {
        return new SecretName(ref.kind(), ref.namespace(), ref.name());
    }
}

package io.sequin.operator.kube;

import io.sequin.data.CredentialRef;

/** A Secret, by its name. */
public record SecretName(String namespace, String name) {
    public static SecretName of(CredentialRef ref) {
        return new SecretName(ref.namespace(), ref.name());
    }
}

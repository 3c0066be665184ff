package io.sequin.data;

/**
 * Where a credential is kept: a key of a Secret. Not the credential itself.
 *
 * @param namespace the namespace of the resource that refers to it
 */
public record CredentialRef(String namespace, String name, String key) {
    @Override
    public String toString() {
        return "Secret " + namespace + "/" + name + ", key " + key;
    }
}

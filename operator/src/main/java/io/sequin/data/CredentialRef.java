package io.sequin.data;

/**
 * Where a credential is kept: a key of a Secret, or of a ConfigMap for what is not secret, such as certificates. Not the
 * credential itself.
 *
 * @param namespace the namespace of the resource that refers to it
 */
public record CredentialRef(Kind kind, String namespace, String name, String key) {
    /** The kind of object that keeps it. */
    public enum Kind {
        SECRET("Secret"),
        CONFIG_MAP("ConfigMap");

        private final String text;

        Kind(String text) {
            this.text = text;
        }

        /** As Kubernetes writes it. */
        @Override
        public String toString() {
            return text;
        }
    }

    /** A key of a Secret. */
    public CredentialRef(String namespace, String name, String key) {
        this(Kind.SECRET, namespace, name, key);
    }

    @Override
    public String toString() {
        return kind + " " + namespace + "/" + name + ", key " + key;
    }
}

package io.sequin.data;

/** A custom resource: with its uid, since one deleted and made again under the same name is another one. */
public record ResourceKey(String namespace, String name, String uid) {
    @Override
    public String toString() {
        return namespace + "/" + name;
    }
}

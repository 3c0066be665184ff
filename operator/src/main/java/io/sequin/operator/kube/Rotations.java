package io.sequin.operator.kube;

import io.sequin.data.ResourceKey;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/** Secrets that changed while a resource used them, until somebody tells it. Safe for threads. */
public final class Rotations {
    private final Map<ResourceKey, Set<String>> changed = new ConcurrentHashMap<>();

    /** A Secret of this resource has changed. */
    public void add(ResourceKey user, SecretName secret) {
        changed.compute(user, (key, before) -> {
            Set<String> names = before == null ? new TreeSet<>() : new TreeSet<>(before);
            names.add(secret.name());
            return names;
        });
    }

    /** The names of those that changed since the last call. */
    Set<String> take(ResourceKey user) {
        Set<String> names = changed.remove(user);
        return names == null ? Set.of() : names;
    }
}

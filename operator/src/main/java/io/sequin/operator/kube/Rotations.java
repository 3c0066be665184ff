package io.sequin.operator.kube;

import io.sequin.data.ResourceKey;
import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/** Secrets and ConfigMaps that changed while a resource used them, until somebody tells it. Safe for threads. */
public final class Rotations {
    private static final Comparator<SecretName> ORDER = Comparator.comparing(SecretName::kind)
            .thenComparing(SecretName::namespace)
            .thenComparing(SecretName::name);

    private final Map<ResourceKey, Set<SecretName>> changed = new ConcurrentHashMap<>();

    /** A Secret or ConfigMap of this resource has changed. */
    public void add(ResourceKey user, SecretName secret) {
        changed.compute(user, (key, before) -> {
            Set<SecretName> names = new TreeSet<>(ORDER);
            names.addAll(before == null ? Set.of() : before);
            names.add(secret);
            return names;
        });
    }

    /** Those that changed since the last call, in a fixed order. */
    Set<SecretName> take(ResourceKey user) {
        Set<SecretName> names = changed.remove(user);
        return names == null ? Set.of() : names;
    }
}

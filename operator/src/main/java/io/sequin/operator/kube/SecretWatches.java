package io.sequin.operator.kube;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.informers.cache.ReducedStateItemStore;
import io.sequin.data.ResourceKey;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Tells the users of a Secret or ConfigMap that it changed. One watch for each, selected by its name and shared by all its users;
 * of its content only the version is kept. A watch that breaks is made anew by the informer, which then compares
 * versions, so that no change is missed.
 */
public final class SecretWatches implements AutoCloseable {
    private final KubernetesClient client;
    private final Map<SecretName, Watched> watched = new HashMap<>();
    private final Map<ResourceKey, Set<SecretName>> uses = new HashMap<>();
    private final Rotations rotations;

    /**
     * @param rotations told of each change of one while somebody uses it
     */
    public SecretWatches(KubernetesClient client, Rotations rotations) {
        this.client = client;
        this.rotations = rotations;
    }

    /**
     * The Secrets and ConfigMaps that a resource uses from now on, in place of those it used before. Returns at once.
     *
     * @param changed called with the user on a thread of the client for each change, and once when the watch has begun;
     *     must return at once
     */
    public synchronized void use(ResourceKey user, Set<SecretName> names, Consumer<ResourceKey> changed) {
        Set<SecretName> shared = new HashSet<>();
        for (SecretName name : names) {
            Watched secret = watched.computeIfAbsent(name, this::watch);
            secret.users.put(user, changed);
            shared.add(secret.name);
        }
        Set<SecretName> before = uses.put(user, Set.copyOf(shared));
        if (before != null) {
            before.stream().filter(name -> !names.contains(name)).forEach(name -> leave(name, user));
        }
    }

    /** The resource uses none any more. */
    public synchronized void release(ResourceKey user) {
        Set<SecretName> before = uses.remove(user);
        rotations.take(user);
        if (before != null) {
            before.forEach(name -> leave(name, user));
        }
    }

    /** What is watched now. */
    public synchronized Set<SecretName> watchedNames() {
        return Set.copyOf(watched.keySet());
    }

    @Override
    public synchronized void close() {
        watched.values().forEach(w -> w.informer.stop());
        watched.clear();
        uses.clear();
    }

    private void leave(SecretName name, ResourceKey user) {
        Watched secret = watched.get(name);
        if (secret == null) {
            return;
        }
        secret.users.remove(user);
        if (secret.users.isEmpty()) {
            secret.informer.stop();
            watched.remove(name);
        }
    }

    private Watched watch(SecretName name) {
        return switch (name.kind()) {
            case SECRET -> watch(name, client.secrets(), Secret.class);
            case CONFIG_MAP -> watch(name, client.configMaps(), ConfigMap.class);
        };
    }

    private <T extends HasMetadata> Watched watch(
            SecretName name, MixedOperation<T, ?, ? extends Resource<T>> objects, Class<T> kind) {
        SharedIndexInformer<T> informer = objects.inNamespace(name.namespace())
                .withName(name.name())
                .runnableInformer(0)
                .itemStore(new ReducedStateItemStore<>(
                        ReducedStateItemStore.NAME_KEY_STATE, kind, client.getKubernetesSerialization()))
                .exceptionHandler((started, failure) -> true);
        informer.addEventHandler(new Listener<>(name));
        informer.start();
        return new Watched(name, informer);
    }

    private void tellUsers(SecretName name) {
        Map<ResourceKey, Consumer<ResourceKey>> users;
        synchronized (this) {
            Watched secret = watched.get(name);
            users = secret == null ? Map.of() : Map.copyOf(secret.users);
        }
        users.forEach((user, changed) -> changed.accept(user));
    }

    private synchronized void remember(SecretName name) {
        Watched secret = watched.get(name);
        if (secret != null) {
            secret.users.keySet().forEach(user -> rotations.add(user, name));
        }
    }

    private static final class Watched {
        /** The one object for all its users. */
        private final SecretName name;

        private final SharedIndexInformer<?> informer;
        private final Map<ResourceKey, Consumer<ResourceKey>> users = new HashMap<>();

        Watched(SecretName name, SharedIndexInformer<?> informer) {
            this.name = name;
            this.informer = informer;
        }
    }

    private final class Listener<T extends HasMetadata> implements ResourceEventHandler<T> {
        private final SecretName name;

        Listener(SecretName name) {
            this.name = name;
        }

        @Override
        public void onAdd(T added) {
            tellUsers(name);
        }

        @Override
        public void onUpdate(T before, T after) {
            if (!Objects.equals(
                    before.getMetadata().getResourceVersion(),
                    after.getMetadata().getResourceVersion())) {
                remember(name);
                tellUsers(name);
            }
        }

        @Override
        public void onDelete(T deleted, boolean finalStateUnknown) {
            tellUsers(name);
        }
    }
}

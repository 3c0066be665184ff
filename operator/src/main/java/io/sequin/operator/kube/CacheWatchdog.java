package io.sequin.operator.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices a watch that silently stopped bringing news, of which there is a record in informers: asks the API server now
 * and then what there is, and compares. An API server that does not answer says nothing about our caches, so its outage
 * alone restarts nobody. Only reads.
 */
public final class CacheWatchdog {
    private static final Logger LOG = LoggerFactory.getLogger(CacheWatchdog.class);

    private final Runnable stopped;
    private final Clock clock;
    private final List<Watched> watched = new ArrayList<>();

    private record Watched(
            String what,
            Supplier<Map<String, String>> served,
            Supplier<Stream<? extends HasMetadata>> cached,
            CacheLag lag) {}

    /**
     * @param stopped called where a cache stopped; must return at once
     */
    public CacheWatchdog(Runnable stopped, Clock clock) {
        this.stopped = stopped;
        this.clock = clock;
    }

    /**
     * Before the first check: another cache. Each namespace is compared for itself, since the rights to one may be gone.
     *
     * @param namespaces those that are watched; empty for all of them
     * @param served asks the API server what is in one namespace, or in all where none is given: versions by uid
     * @param cached all that is in the cache
     */
    public void add(
            String kind,
            Set<String> namespaces,
            Function<Optional<String>, Map<String, String>> served,
            Supplier<Stream<? extends HasMetadata>> cached) {
        if (namespaces.isEmpty()) {
            watched.add(new Watched(kind, () -> served.apply(Optional.empty()), cached, new CacheLag()));
        }
        for (String namespace : namespaces) {
            watched.add(new Watched(
                    kind + " in namespace " + namespace,
                    () -> served.apply(Optional.of(namespace)),
                    () -> cached.get()
                            .filter(o -> namespace.equals(o.getMetadata().getNamespace())),
                    new CacheLag()));
        }
    }

    /** Compares once; for one thread. Throws nothing: a schedule ends for ever with the first exception. */
    public void check() {
        for (Watched one : watched) {
            try {
                compare(one);
            } catch (KubernetesClientException e) {
                LOG.debug("the cache of {} can't be compared now: {}", one.what(), e.getMessage());
            } catch (RuntimeException e) {
                LOG.error("the cache of {} can't be compared; tried again at the next check", one.what(), e);
            }
        }
    }

    private void compare(Watched one) {
        Map<String, String> served = one.served().get();
        Set<String> stale = one.lag().compare(served, versions(one.cached().get()), clock.instant());
        if (!stale.isEmpty()) {
            LOG.error(
                    "the cache of {} has had no news of {} object(s) for {}: this process ends",
                    one.what(),
                    stale.size(),
                    CacheLag.PATIENCE);
            stopped.run();
        }
    }

    private static Map<String, String> versions(Stream<? extends HasMetadata> objects) {
        return objects.map(HasMetadata::getMetadata)
                .collect(Collectors.toMap(m -> m.getUid(), m -> m.getResourceVersion(), (a, b) -> b));
    }
}

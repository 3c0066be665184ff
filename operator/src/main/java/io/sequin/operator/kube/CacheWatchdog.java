package io.sequin.operator.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
            String kind,
            Supplier<Stream<? extends HasMetadata>> served,
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
     * Before the first check: another cache.
     *
     * @param served asks the API server
     */
    public void add(
            String kind,
            Supplier<Stream<? extends HasMetadata>> served,
            Supplier<Stream<? extends HasMetadata>> cached) {
        watched.add(new Watched(kind, served, cached, new CacheLag()));
    }

    /** Compares once; for one thread. */
    public void check() {
        for (Watched one : watched) {
            try {
                Map<String, String> served = versions(one.served().get());
                Set<String> stale =
                        one.lag().compare(served, versions(one.cached().get()), clock.instant());
                if (!stale.isEmpty()) {
                    LOG.error(
                            "the cache of {} has had no news of {} object(s) for {}: this process ends",
                            one.kind(),
                            stale.size(),
                            CacheLag.PATIENCE);
                    stopped.run();
                }
            } catch (KubernetesClientException e) {
                LOG.debug("caches can't be compared now: {}", e.getMessage());
            }
        }
    }

    private static Map<String, String> versions(Stream<? extends HasMetadata> objects) {
        return objects.map(HasMetadata::getMetadata)
                .collect(Collectors.toMap(m -> m.getUid(), m -> m.getResourceVersion(), (a, b) -> b));
    }
}

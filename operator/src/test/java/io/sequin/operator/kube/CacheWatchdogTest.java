package io.sequin.operator.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.sequin.ManualClock;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** One comparison that fails says nothing about the others, nor about its next time. */
class CacheWatchdogTest {
    private final ManualClock clock = new ManualClock();
    private final AtomicInteger stopped = new AtomicInteger();
    private final CacheWatchdog watchdog = new CacheWatchdog(stopped::incrementAndGet, clock);

    private static HasMetadata object(String namespace, String version) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName("one")
                .withUid("uid-" + namespace)
                .withResourceVersion(version)
                .endMetadata()
                .build();
    }

    private void patiencePasses() {
        watchdog.check();
        clock.advance(CacheLag.PATIENCE);
        watchdog.check();
    }

    private static Map<String, String> unlessForbidden(Optional<String> namespace, String version) {
        if (namespace.orElseThrow().equals("forbidden")) {
            throw new KubernetesClientException("forbidden", 403, null);
        }
        return Map.of("uid-" + namespace.orElseThrow(), version);
    }

    @Test
    void aNamespaceWhoseRightsAreGoneHidesNoOther() {
        watchdog.add(
                "ConfigMap",
                new LinkedHashSet<>(List.of("forbidden", "stale")),
                namespace -> unlessForbidden(namespace, "2"),
                () -> Stream.of(object("forbidden", "1"), object("stale", "1")));
        patiencePasses();
        assertThat(stopped).hasValue(1);
    }

    @Test
    void whatIsCachedOfAForbiddenNamespaceIsNotJudged() {
        watchdog.add(
                "ConfigMap",
                Set.of("forbidden", "fine"),
                namespace -> unlessForbidden(namespace, "1"),
                () -> Stream.of(object("forbidden", "1"), object("fine", "1")));
        patiencePasses();
        assertThat(stopped).hasValue(0);
    }

    @Test
    void anUnexpectedFailureEndsNeitherThisCheckNorTheNext() {
        AtomicInteger asked = new AtomicInteger();
        watchdog.add(
                "Broken",
                Set.of(),
                any -> {
                    asked.incrementAndGet();
                    throw new IllegalStateException("broken");
                },
                Stream::empty);
        watchdog.add("ConfigMap", Set.of(), any -> Map.of("uid-a", "2"), () -> Stream.of(object("a", "1")));
        patiencePasses();
        assertThat(asked).hasValue(2);
        assertThat(stopped).hasValue(1);
    }
}

package io.sequin.operator.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.sequin.data.ResourceKey;
import io.sequin.testkit.kube.ApiServer;
import io.sequin.testkit.kube.AuditEntry;
import io.sequin.testkit.proxy.FaultProxy;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** On a real API server, behind a proxy that can break the connection. */
class SecretWatchesIT {
    private static final Duration SOON = Duration.ofSeconds(60);

    private final ApiServer server = ApiServer.shared();
    private final String namespace = server.namespace("watches");
    private final ResourceKey one = new ResourceKey(namespace, "one", "uid-1");
    private final ResourceKey two = new ResourceKey(namespace, "two", "uid-2");
    private final SecretName db = new SecretName(namespace, "db");
    private final AtomicInteger news = new AtomicInteger();
    private FaultProxy proxy;
    private KubernetesClient client;
    private SecretWatches watches;

    @BeforeEach
    void start() {
        URI url = URI.create(server.url());
        proxy = FaultProxy.to(url.getHost(), url.getPort());
        Config config = new ConfigBuilder(Config.fromKubeconfig(server.kubeconfig()))
                .withMasterUrl("https://" + proxy.host() + ":" + proxy.port())
                .withNoProxy("127.0.0.1")
                .withWatchReconnectInterval(250)
                .build();
        client = new KubernetesClientBuilder().withConfig(config).build();
        watches = new SecretWatches(client, new Rotations());
    }

    @AfterEach
    void stop() {
        watches.close();
        client.close();
        proxy.close();
    }

    private void write(String name, String value) {
        server.apply(new SecretBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(name)
                .endMetadata()
                .withStringData(Map.of("password", value))
                .build());
    }

    private void newsWithin(Duration time, int before) {
        await().atMost(time).until(() -> news.get() > before);
    }

    @Test
    void creationChangeAndDeletionAreTold() {
        watches.use(one, Set.of(db), user -> news.incrementAndGet());
        write("db", "1");
        newsWithin(SOON, 0);
        int created = news.get();
        write("db", "2");
        newsWithin(SOON, created);
        int changed = news.get();
        server.admin().secrets().inNamespace(namespace).withName("db").delete();
        newsWithin(SOON, changed);
    }

    @Test
    void anotherSecretIsNoNews() {
        write("db", "1");
        watches.use(one, Set.of(db), user -> news.incrementAndGet());
        newsWithin(SOON, 0);
        int before = news.get();
        write("other", "1");
        write("db", "1");
        await().pollDelay(Duration.ofSeconds(2)).until(() -> true);
        assertThat(news).hasValue(before);
    }

    @Test
    void aChangeWhileTheConnectionIsBrokenIsToldWhenItIsBack() {
        write("db", "1");
        watches.use(one, Set.of(db), user -> news.incrementAndGet());
        newsWithin(SOON, 0);
        proxy.refuse();
        proxy.cutAll();
        int before = news.get();
        write("db", "2");
        await().pollDelay(Duration.ofSeconds(3)).until(() -> true);
        assertThat(news).hasValue(before);
        proxy.heal();
        newsWithin(SOON, before);
    }

    @Test
    void usersShareOneWatchWhichEndsWithTheLast() {
        write("db", "1");
        watches.use(one, Set.of(db), user -> news.incrementAndGet());
        watches.use(two, Set.of(db), user -> news.incrementAndGet());
        assertThat(watches.watchedNames()).containsExactly(db);
        await().atMost(SOON).until(() -> startedWatches() == 1);
        watches.release(one);
        assertThat(watches.watchedNames()).containsExactly(db);
        watches.use(two, Set.of(new SecretName(namespace, "else")), user -> news.incrementAndGet());
        assertThat(watches.watchedNames()).containsExactly(new SecretName(namespace, "else"));
        watches.release(two);
        assertThat(watches.watchedNames()).isEmpty();
    }

    private long startedWatches() {
        List<AuditEntry> entries = server.auditLog().entries();
        return entries.stream()
                .filter(e -> "watch".equals(e.verb()) && "secrets".equals(e.resource()))
                .filter(e -> namespace.equals(e.namespace()))
                .count();
    }
}

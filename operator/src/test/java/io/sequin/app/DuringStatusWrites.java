package io.sequin.app;

import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToIntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Stands in the operator's client: whenever it begins to write a status, a user changes the spec of the same resource.
 * That change must bring the next write of the status, so the changes make a chain that stops where one is lost; the
 * usual reconcile would mend it after {@code 15 s}, which the longest gap tells.
 */
final class DuringStatusWrites implements Interceptor, AutoCloseable {
    private static final Pattern STATUS = Pattern.compile(".*/namespaces/[^/]+/([^/]+)/([^/]+)/status");
    private static final int MAX_DELAY_NANOS = 3_000_000;

    private final ExecutorService users = Executors.newVirtualThreadPerTaskExecutor();
    private final int perResource;
    private final Change change;
    private final Map<String, Chain> chains = new ConcurrentHashMap<>();
    private final AtomicInteger failures = new AtomicInteger();

    /** Changes a spec as a user does. */
    interface Change {
        /**
         * @param plural such as {@code syncs}
         * @param number other than any before
         */
        void to(String plural, String name, int number);
    }

    /** The changes of one resource; {@code changed} is 0 while a change is on its way. */
    private static final class Chain {
        private final Random pauses;
        private int links;
        private int overlaps;
        private long changed;
        private boolean writing;
        private long longestGap;

        Chain(String of) {
            pauses = new Random(of.hashCode());
        }
    }

    DuringStatusWrites(int perResource, Change change) {
        this.perResource = perResource;
        this.change = change;
    }

    @Override
    public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
        Matcher path = STATUS.matcher(request.uri().getPath());
        if (!path.matches() || !request.method().equals("PATCH")) {
            return;
        }
        String key = path.group(1) + "/" + path.group(2);
        Chain chain = chains.computeIfAbsent(key, Chain::new);
        synchronized (chain) {
            chain.writing = true;
            if (chain.changed > 0) {
                chain.longestGap = Math.max(chain.longestGap, System.nanoTime() - chain.changed);
                chain.changed = 0;
            }
            if (chain.links < perResource) {
                int number = ++chain.links;
                int pause = chain.pauses.nextInt(MAX_DELAY_NANOS);
                users.execute(() -> {
                    LockSupport.parkNanos(pause);
                    change(path.group(1), path.group(2), number, chain);
                });
            }
        }
    }

    private void change(String plural, String name, int number, Chain chain) {
        synchronized (chain) {
            chain.overlaps += chain.writing ? 1 : 0;
        }
        try {
            change.to(plural, name, number);
        } catch (RuntimeException e) {
            failures.incrementAndGet();
            throw e;
        }
        synchronized (chain) {
            chain.changed = System.nanoTime();
        }
    }

    @Override
    public void after(HttpRequest request, HttpResponse<?> response, AsyncBody.Consumer<List<ByteBuffer>> consumer) {
        Matcher path = STATUS.matcher(request.uri().getPath());
        Chain chain = path.matches() ? chains.get(path.group(1) + "/" + path.group(2)) : null;
        if (chain != null) {
            synchronized (chain) {
                chain.writing = false;
            }
        }
    }

    /** Changes made so far to resources of that kind. */
    int links(String plural) {
        return sum(plural, chain -> chain.links);
    }

    /** How many of them began while the status was being written. */
    int overlaps(String plural) {
        return sum(plural, chain -> chain.overlaps);
    }

    /** Changes that the API server refused. */
    int failures() {
        return failures.get();
    }

    /** The longest time from a change to the next write of the status. */
    Duration longestGap() {
        return chains.values().stream()
                .map(chain -> {
                    synchronized (chain) {
                        return Duration.ofNanos(chain.longestGap);
                    }
                })
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
    }

    private int sum(String plural, ToIntFunction<Chain> what) {
        return chains.entrySet().stream()
                .filter(e -> e.getKey().startsWith(plural + "/"))
                .mapToInt(e -> {
                    synchronized (e.getValue()) {
                        return what.applyAsInt(e.getValue());
                    }
                })
                .sum();
    }

    @Override
    public void close() {
        users.close();
    }
}

package io.sequin.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sequin.ManualClock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/** Loops whose bodies do what a test says, turn by turn. */
final class TestingLoops {
    final List<String> changed = new CopyOnWriteArrayList<>();
    final List<String> worked = new CopyOnWriteArrayList<>();
    final List<String> crashes = new CopyOnWriteArrayList<>();
    final AtomicBoolean permit = new AtomicBoolean(true);
    final ManualClock clock = new ManualClock();
    /** How often a loop's thread looked what there is to do. */
    final AtomicInteger steps = new AtomicInteger();

    volatile boolean ignoreInterrupts;
    volatile boolean listenerFails;

    private final BlockingQueue<Body> started = new LinkedBlockingQueue<>();
    private final List<Body> all = new CopyOnWriteArrayList<>();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger mostOpen = new AtomicInteger();

    final SupervisedLoops<String, String, String> loops =
            new SupervisedLoops<>(this::create, permit::get, new Recorder(), settings());

    private LoopSettings<String> settings() {
        Backoff crashes = new Backoff(Duration.ofMillis(1), Duration.ofMillis(1));
        Duration join = Duration.ofMillis(200);
        return new LoopSettings<>("test", join, Duration.ofMillis(5), crashes, clock, new Random(1), this::logContext);
    }

    private Map<String, String> logContext(String key) {
        steps.incrementAndGet();
        return Map.of("resource.name", key);
    }

    private LoopBody create(String key, String plan, RunPermit permit, Consumer<String> publish) {
        Body body = new Body(key, plan, publish, ignoreInterrupts);
        all.add(body);
        mostOpen.accumulateAndGet(open.incrementAndGet(), Math::max);
        started.add(body);
        return body;
    }

    Body nextBody() throws InterruptedException {
        return Objects.requireNonNull(started.poll(30, TimeUnit.SECONDS), "no body started");
    }

    int bodiesMade() {
        return all.size();
    }

    int mostAtOnce() {
        return mostOpen.get();
    }

    void releaseAll() {
        all.forEach(b -> b.orders.add(() -> new Turn(Duration.ofHours(1))));
    }

    private final class Recorder implements LoopListener<String> {
        @Override
        public void changed(String key) {
            changed.add(key);
            failIfAsked();
        }

        @Override
        public void worked(String key) {
            worked.add(key);
            failIfAsked();
        }

        @Override
        public void crashed(String key, Throwable error, int consecutive) {
            crashes.add(key + " " + consecutive + " " + error.getMessage());
            failIfAsked();
        }

        private void failIfAsked() {
            if (listenerFails) {
                throw new IllegalStateException("the listener fails");
            }
        }
    }

    interface Order {
        Turn run();
    }

    /** A body whose turns last until the test says how they end. */
    final class Body implements LoopBody {
        final String key;
        final String plan;
        final Consumer<String> publish;
        final AtomicInteger wakes = new AtomicInteger();
        volatile String threadName = "";
        volatile @Nullable Map<String, String> logContext;
        volatile boolean interruptedInClose;
        volatile BooleanSupplier heard = () -> false;

        private final boolean deaf;
        private final BlockingQueue<Order> orders = new LinkedBlockingQueue<>();
        private final AtomicInteger turns = new AtomicInteger();
        private final AtomicReference<@Nullable StopReason> reason = new AtomicReference<>();
        private final CountDownLatch closed = new CountDownLatch(1);
        private volatile @Nullable Thread thread;

        Body(String key, String plan, Consumer<String> publish, boolean deaf) {
            this.key = key;
            this.plan = plan;
            this.publish = publish;
            this.deaf = deaf;
        }

        @Override
        public void listen(BooleanSupplier to) {
            heard = to;
        }

        @Override
        public void woken() {
            wakes.incrementAndGet();
        }

        @Override
        public Turn turn() throws InterruptedException {
            thread = Thread.currentThread();
            threadName = Thread.currentThread().getName();
            logContext = MDC.getCopyOfContextMap();
            turns.incrementAndGet();
            while (true) {
                try {
                    return orders.take().run();
                } catch (InterruptedException e) {
                    if (!deaf) {
                        throw e;
                    }
                }
            }
        }

        @Override
        public void close(StopReason why) {
            interruptedInClose = Thread.currentThread().isInterrupted();
            reason.set(why);
            open.decrementAndGet();
            closed.countDown();
        }

        void finishTurn(Duration next) {
            orders.add(() -> new Turn(next));
        }

        void crash(RuntimeException error) {
            orders.add(() -> {
                throw error;
            });
        }

        void crash(Error error) {
            orders.add(() -> {
                throw error;
            });
        }

        void awaitTurn(int number) {
            await().atMost(Duration.ofSeconds(30)).until(() -> turns.get() >= number);
        }

        /** Waits until its turn is over and the turn's thread has ended. */
        void awaitRest() {
            await().atMost(Duration.ofSeconds(30)).until(() -> {
                Thread last = thread;
                return orders.isEmpty() && last != null && !last.isAlive();
            });
        }

        boolean isClosed() {
            return closed.getCount() == 0;
        }

        @Nullable
        StopReason closedWith() throws InterruptedException {
            assertThat(closed.await(30, TimeUnit.SECONDS)).as("closed").isTrue();
            return reason.get();
        }
    }
}

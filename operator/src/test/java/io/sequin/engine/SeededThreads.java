package io.sequin.engine;

import java.lang.reflect.Constructor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Threads of which only one goes on at a time: whenever it waits, ends or comes to a point, a seed picks the next of those
 * that can go on. So the same seed makes them overtake each other in the same way. To them belong the thread that does the
 * work and all virtual threads that are started by one of them.
 *
 * <p>A thread that is none of them may wake one: where that waits for a lock which the other holds, as for the one of the
 * output that all log to, or for real time to pass. Then the seed may not repeat the run; it is said in the output.
 */
final class SeededThreads {
    /** For a wait that is not to end by real time, however slow the machine. */
    static final Duration NEVER = Duration.ofDays(1);

    /** With more of them, nothing else goes on any more. */
    private static final int MOST_WOKEN_OUTSIDE = 60;

    private final long seed;
    private final SplittableRandom random;
    private final List<Runnable> ready = new ArrayList<>();
    /** Woken by a thread that is none of them. */
    private final BlockingQueue<Runnable> woken = new LinkedBlockingQueue<>();

    private final List<String> trace = new ArrayList<>();
    private final Thread carrier = Thread.currentThread();
    private int wokenOutside;

    /** Work that may fail. */
    interface Work {
        void run() throws Exception;
    }

    /** To be made by the thread that calls {@link #run}. */
    SeededThreads(long seed) {
        this.seed = seed;
        this.random = new SplittableRandom(seed);
    }

    /** Returns when the work is done, and none of its threads can go on. */
    void run(Work work) throws Exception {
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        builder().name("seeded").start(() -> complete(done, work));
        while (!done.isDone() || !ready.isEmpty()) {
            next().run();
        }
        if (wokenOutside > 0) {
            System.out.println("seed " + seed + " may not repeat this run: " + wokenOutside
                    + " times a thread was woken from outside");
        }
        if (done.isCompletedExceptionally()) {
            switch (done.exceptionNow()) {
                case Exception e -> throw e;
                case Error e -> throw e;
                case Throwable e -> throw new IllegalStateException(e);
            }
        }
    }

    @SuppressWarnings("InterruptedExceptionSwallowed") // handed to the caller's thread
    private static void complete(CompletableFuture<Boolean> done, Work work) {
        try {
            work.run();
            done.complete(true);
        } catch (Throwable e) {
            done.completeExceptionally(e);
        }
    }

    /** A point at which others may go on first: how many of them the seed says. To be called without a monitor. */
    @SuppressWarnings("ThreadPriorityCheck") // who goes on is not the JVM's choice
    void pass(String point) {
        trace.add(Thread.currentThread().getName() + ": " + point);
        for (int others = others(); others > 0; others--) {
            Thread.yield();
        }
    }

    /** Mostly few, sometimes so many that another thread gets to its end. */
    private int others() {
        return switch (random.nextInt(20)) {
            case 0 -> random.nextInt(200);
            case 1, 2, 3, 4 -> random.nextInt(20);
            default -> random.nextInt(2);
        };
    }

    /** The points that were passed, in their order, each with its thread. */
    List<String> trace() {
        return trace;
    }

    /** How often one was woken by a thread that is none of them. */
    int wokenOutside() {
        return wokenOutside;
    }

    private Runnable next() throws InterruptedException {
        if (!ready.isEmpty()) {
            return ready.remove(random.nextInt(ready.size()));
        }
        Runnable next = woken.poll(1, TimeUnit.MINUTES);
        wokenOutside++;
        if (next == null || wokenOutside > MOST_WOKEN_OUTSIDE) {
            throw new AssertionError(
                    "nothing goes on after " + trace.subList(Math.max(0, trace.size() - 30), trace.size()));
        }
        return next;
    }

    /** Called by one of them, or for one by another thread that holds what it waits for, or by the timer of the JVM. */
    private void goOn(Runnable thread) {
        Thread caller = Thread.currentThread();
        if (caller == carrier || caller.isVirtual()) {
            ready.add(thread);
        } else {
            woken.add(thread);
        }
    }

    /** Virtual threads inherit who runs them. The JDK has no public way to say it of the first. */
    private Thread.Builder.OfVirtual builder() throws ReflectiveOperationException {
        Constructor<?> constructor =
                Class.forName("java.lang.ThreadBuilders$VirtualThreadBuilder").getDeclaredConstructor(Executor.class);
        // only with --add-opens=java.base/java.lang=ALL-UNNAMED
        constructor.setAccessible(true);
        Executor executor = this::goOn;
        return (Thread.Builder.OfVirtual) constructor.newInstance(executor);
    }
}

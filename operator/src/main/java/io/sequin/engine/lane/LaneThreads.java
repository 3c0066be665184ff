package io.sequin.engine.lane;

import java.util.Map;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/** Virtual threads that carry the log context of the thread that made the factory. */
public final class LaneThreads implements ThreadFactory {
    private final String name;
    private final AtomicInteger count = new AtomicInteger();
    private final @Nullable Map<String, String> context = MDC.getCopyOfContextMap();

    public LaneThreads(String name) {
        this.name = Thread.currentThread().getName() + " " + name;
    }

    @Override
    public Thread newThread(Runnable work) {
        return Thread.ofVirtual().name(name + "-", count.incrementAndGet()).unstarted(() -> {
            if (context != null) {
                MDC.setContextMap(context);
            }
            work.run();
        });
    }
}

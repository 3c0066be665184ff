package io.sequin.app;

import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The steps of stopping, in order. Each is taken, whatever became of those before it; all of them only once. */
final class Shutdown {
    private static final Logger LOG = LoggerFactory.getLogger(Shutdown.class);

    private record Step(String name, Runnable action) {}

    private final List<Step> steps = new ArrayList<>();
    private boolean begun;

    Shutdown then(String name, Runnable action) {
        steps.add(new Step(name, action));
        return this;
    }

    /** Takes the steps; a second caller waits for the first. */
    synchronized void run() {
        if (begun) {
            return;
        }
        begun = true;
        for (Step step : steps) {
            try {
                LOG.info("stopping: {}", step.name());
                step.action().run();
            } catch (RuntimeException e) {
                LOG.warn("stopping: {} failed", step.name(), e);
            }
        }
    }
}

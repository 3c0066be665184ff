package io.sequin.app;

import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import io.sequin.observability.Recorder;
import java.time.Duration;

/** Tells of every reconcile by its controller. JOSDK's own metrics have labels for each resource, without bound. */
final class ReconcileMetrics implements Metrics {
    private final Recorder recorder;

    ReconcileMetrics(Recorder recorder) {
        this.recorder = recorder;
    }

    @Override
    public <T> T timeControllerExecution(ControllerExecution<T> execution) throws Exception {
        long start = System.nanoTime();
        boolean good = false;
        try {
            T result = execution.execute();
            good = true;
            return result;
        } finally {
            recorder.reconciled(execution.controllerName(), good, Duration.ofNanos(System.nanoTime() - start));
        }
    }
}

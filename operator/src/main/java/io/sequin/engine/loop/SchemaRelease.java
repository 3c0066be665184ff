package io.sequin.engine.loop;

import io.sequin.engine.SyncPlan;
import io.sequin.engine.lane.LaneThreads;
import io.sequin.engine.parts.EngineParts;
import io.sequin.postgres.load.DestinationSession;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets go of the schema of a Sync that is gone and has no open session. Best effort: who finds the schema without this
 * takes it over by its owner's name.
 */
final class SchemaRelease implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(SchemaRelease.class);

    /** How long letting go of the schema may take. */
    private static final Duration LONGEST = Duration.ofSeconds(5);

    private final SyncPlan plan;
    private final EngineParts parts;

    SchemaRelease(SyncPlan plan, EngineParts parts) {
        this.plan = plan;
        this.parts = parts;
    }

    /** Returns when it is done or given up. */
    @Override
    public void run() {
        within(() -> {
            try (DestinationSession session = parts.destinations().open(plan.destination(), plan.schema())) {
                session.release(plan.owner());
            }
        });
    }

    /** Does this on a thread of its own, bounded in time; what goes wrong is logged. */
    static void within(Runnable release) {
        Thread releasing = new LaneThreads("release").newThread(() -> {
            try {
                release.run();
            } catch (RuntimeException e) {
                LOG.warn("could not let go of the schema: {}", e.getMessage());
            }
        });
        releasing.start();
        try {
            if (!releasing.join(LONGEST)) {
                LOG.warn("letting go of the schema took longer than {}", LONGEST);
                releasing.interrupt();
            }
        } catch (InterruptedException e) {
            releasing.interrupt();
            Thread.currentThread().interrupt();
        }
    }
}

package io.sequin.engine.loop;

import static io.sequin.engine.trouble.Trouble.atDestination;

import io.sequin.credentials.CredentialProblem;
import io.sequin.data.ProblemCode;
import io.sequin.engine.Removal;
import io.sequin.engine.SyncPlan;
import io.sequin.engine.SyncSnapshot;
import io.sequin.engine.parts.EngineParts;
import io.sequin.engine.trouble.LaneException;
import io.sequin.engine.trouble.Retry;
import io.sequin.engine.trouble.Trouble;
import io.sequin.loop.Backoff;
import io.sequin.loop.LoopBody;
import io.sequin.loop.RunPermit;
import io.sequin.loop.StopReason;
import io.sequin.loop.Turn;
import io.sequin.postgres.PostgresProblem;
import io.sequin.postgres.load.DestinationSession;
import io.sequin.postgres.schema.Dropped;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A deleted Sync at its last work: drops its data, and tries again until it is told to stop. */
final class DropLoop implements LoopBody {
    private static final Logger LOG = LoggerFactory.getLogger(DropLoop.class);
    /** Somebody waits for the deletion. */
    private static final Backoff BACKOFF = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(10));

    private static final Turn AT_REST = new Turn(Duration.ofHours(1));

    private final SyncPlan plan;
    private final EngineParts parts;
    private final RunPermit permit;
    private final Consumer<SyncSnapshot> publish;
    private final Instant since;
    private final Retry retry;
    private boolean settled;

    DropLoop(SyncPlan plan, EngineParts parts, RunPermit permit, Consumer<SyncSnapshot> publish) {
        this.plan = plan;
        this.parts = parts;
        this.permit = permit;
        this.publish = publish;
        this.since = parts.clock().instant();
        this.retry = new Retry(BACKOFF, parts.random());
    }

    @Override
    public Turn turn() throws InterruptedException {
        if (settled) {
            return AT_REST;
        }
        Instant start = parts.clock().instant();
        if (!retry.isDue(start)) {
            return new Turn(retry.until(start));
        }
        if (retry.failures() == 0) {
            publish(new Removal.Trying(since, Optional.empty()));
        }
        if (!permit.granted()) {
            return new Turn(Duration.ZERO);
        }
        try {
            Dropped dropped = atDestination(this::drop);
            LOG.info("the data in schema {} is dropped", plan.schema());
            return settle(Removal.done(plan.schema(), dropped));
        } catch (LaneException e) {
            return failed(e.trouble());
        }
    }

    private Dropped drop() {
        try (DestinationSession session = parts.destinations().open(plan.destination(), plan.schema())) {
            return session.drop(plan.owner());
        }
    }

    private Turn failed(Trouble trouble) {
        ProblemCode code = trouble.code();
        if (code == PostgresProblem.DATABASE_NOT_FOUND) {
            return settle(new Removal.Done(Optional.empty()));
        }
        if (code == CredentialProblem.SECRET_NOT_FOUND || code == CredentialProblem.CONFIG_MAP_NOT_FOUND) {
            return settle(new Removal.Hopeless(trouble.problem()));
        }
        LOG.warn("could not drop the data: {}", trouble.problem().message());
        Instant now = parts.clock().instant();
        retry.fail(trouble, now, Duration.ZERO);
        publish(new Removal.Trying(since, Optional.of(trouble.problem())));
        return new Turn(retry.until(now));
    }

    private Turn settle(Removal outcome) {
        settled = true;
        publish(outcome);
        return AT_REST;
    }

    private void publish(Removal removal) {
        publish.accept(SyncSnapshot.removing(removal));
    }

    @Override
    public void woken() {
        retry.wake(parts.clock().instant());
    }

    /** Whoever takes the data over later needs to know that nobody holds it any more. */
    @Override
    public void close(StopReason reason) {
        if (reason == StopReason.REMOVED && !settled && permit.granted()) {
            new SchemaRelease(plan, parts).run();
        }
    }
}

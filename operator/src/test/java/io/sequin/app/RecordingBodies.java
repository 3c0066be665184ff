package io.sequin.app;

import io.sequin.credentials.CredentialSource;
import io.sequin.data.AccountId;
import io.sequin.data.Problem;
import io.sequin.data.ProblemException;
import io.sequin.data.ResourceKey;
import io.sequin.engine.Pace;
import io.sequin.engine.Reached;
import io.sequin.engine.Removal;
import io.sequin.engine.SyncPlan;
import io.sequin.engine.SyncSnapshot;
import io.sequin.engine.TableProgress;
import io.sequin.engine.TableState;
import io.sequin.engine.Troubles;
import io.sequin.loop.LoopBody;
import io.sequin.loop.LoopFactory;
import io.sequin.loop.StopReason;
import io.sequin.loop.Turn;
import io.sequin.observability.Usage;
import io.sequin.verify.DestinationPlan;
import io.sequin.verify.DestinationSnapshot;
import io.sequin.verify.Stage;
import io.sequin.verify.StageResult;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.slf4j.MDC;

/**
 * Loops that only read their credential, publish what the test says and remember what happened to them: for the tests of
 * what goes on between loops and Kubernetes. What real loops do is tested with real databases.
 */
final class RecordingBodies implements LoopBodies {
    final Map<ResourceKey, String> credentials = new ConcurrentHashMap<>();
    final Map<ResourceKey, SyncPlan> plans = new ConcurrentHashMap<>();
    final Map<ResourceKey, StopReason> stopped = new ConcurrentHashMap<>();
    final Map<String, Supplier<SyncSnapshot>> scripts = new ConcurrentHashMap<>();
    final Map<ResourceKey, String> logged = new ConcurrentHashMap<>();
    final Map<ResourceKey, Integer> turns = new ConcurrentHashMap<>();
    /** Destinations get no verdict. */
    volatile boolean silent;

    volatile Duration pause = Duration.ofSeconds(1);
    private volatile CredentialSource source = ref -> {
        throw new IllegalStateException("not started");
    };

    RecordingBodies using(CredentialSource real) {
        source = real;
        return this;
    }

    @Override
    public LoopFactory<ResourceKey, DestinationPlan, DestinationSnapshot> verify() {
        return (key, plan, permit, publish) -> new Body(key) {
            @Override
            public Turn turn() {
                if (!silent) {
                    publish.accept(verdict(key, plan));
                }
                return new Turn(plan.verifyInterval());
            }
        };
    }

    @Override
    public LoopFactory<ResourceKey, SyncPlan, SyncSnapshot> sync() {
        return (key, plan, permit, publish) -> {
            plans.put(key, plan);
            return new Body(key) {
                @Override
                public Turn turn() {
                    turns.merge(key, 1, Integer::sum);
                    if (plan.work() == SyncPlan.Work.DROP) {
                        publish.accept(SyncSnapshot.removing(new Removal.Done(Optional.empty())));
                        return new Turn(pause);
                    }
                    publish.accept(
                            scripts.getOrDefault(key.name(), () -> live(10)).get());
                    logged.put(key, String.valueOf(MDC.getCopyOfContextMap()));
                    return new Turn(pause);
                }
            };
        };
    }

    @Override
    public Usage usage() {
        return Usage.NONE;
    }

    @Override
    public void close() {}

    static SyncSnapshot live(long rows) {
        return new SyncSnapshot(
                Troubles.NONE,
                new Reached(
                        true,
                        true,
                        true,
                        Optional.of(new AccountId("acct_1")),
                        Optional.of("storage-1"),
                        Instant.EPOCH),
                List.of(new TableProgress("charge", TableState.LIVE, true, rows, Optional.empty(), Optional.empty())),
                List.of(),
                new Pace(Optional.empty(), Optional.of(Instant.now()), rows, Optional.of(Instant.now())));
    }

    /** Live, but for one table and perhaps the source. */
    static SyncSnapshot failing(Optional<Problem> ofTheSource, Problem ofTheTable) {
        SyncSnapshot live = live(10);
        return new SyncSnapshot(
                new Troubles(Optional.empty(), ofTheSource, Optional.empty()),
                live.reached(),
                List.of(
                        live.tables().getFirst(),
                        new TableProgress(
                                "customer", TableState.FAILING, true, 0, Optional.empty(), Optional.of(ofTheTable))),
                List.of(),
                live.pace());
    }

    private DestinationSnapshot verdict(ResourceKey key, DestinationPlan plan) {
        try {
            credentials.put(key, source.read(plan.settings().password()).reveal());
        } catch (ProblemException e) {
            return new DestinationSnapshot(
                    Map.of(
                            Stage.CREDENTIALS_RESOLVED, new StageResult.Failed(e.problem()),
                            Stage.CONNECTED, new StageResult.NotReached(),
                            Stage.PERMISSIONS_VERIFIED, new StageResult.NotReached()),
                    Optional.empty());
        }
        StageResult passed = new StageResult.Passed("Fine", "It works.");
        return new DestinationSnapshot(
                Map.of(
                        Stage.CREDENTIALS_RESOLVED, passed,
                        Stage.CONNECTED, passed,
                        Stage.PERMISSIONS_VERIFIED, passed),
                Optional.empty());
    }

    private abstract class Body implements LoopBody {
        private final ResourceKey key;

        Body(ResourceKey key) {
            this.key = key;
        }

        @Override
        public void close(StopReason reason) {
            stopped.put(key, reason);
        }
    }
}

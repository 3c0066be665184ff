package io.sequin.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sequin.data.CredentialRef;
import io.sequin.data.HostPort;
import io.sequin.data.Owner;
import io.sequin.data.PostgresSettings;
import io.sequin.data.RateCeiling;
import io.sequin.data.ResourceKey;
import io.sequin.data.SourceConfig;
import io.sequin.data.TableSelection;
import io.sequin.data.TlsMode;
import io.sequin.data.TlsSettings;
import io.sequin.engine.Pace;
import io.sequin.engine.Reached;
import io.sequin.engine.SyncPlan;
import io.sequin.engine.SyncSnapshot;
import io.sequin.engine.Troubles;
import io.sequin.loop.LoopBody;
import io.sequin.loop.StopReason;
import io.sequin.loop.Turn;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** How loops that crash are told of. */
class WorkersTest {
    private static final ResourceKey KEY = new ResourceKey("ns", "sync", "uid-1");

    private final Workers.Events events = Workers.Events.create();
    private final AtomicBoolean broken = new AtomicBoolean(true);
    private final List<Boolean> toldAfterPublishing = new CopyOnWriteArrayList<>();

    @Test
    void aLoopThatPublishesAndCrashesStaysInternalErrorUntilAWholeGoodTurn() {
        Workers workers = new Workers(
                (key, plan, permit, publish) -> {
                    throw new IllegalStateException("not used");
                },
                (key, plan, permit, publish) -> body(() -> publish.accept(snapshot())),
                () -> true,
                events,
                Clock.systemUTC(),
                new Random(1));
        workers.syncs().apply(KEY, plan());
        await().atMost(Duration.ofSeconds(60)).until(() -> toldAfterPublishing.size() >= 4);
        assertThat(toldAfterPublishing.subList(2, toldAfterPublishing.size())).containsOnly(true);
        broken.set(false);
        await().atMost(Duration.ofSeconds(60))
                .until(() -> events.syncs().crash(KEY).isEmpty());
        workers.drain(Duration.ofSeconds(10));
    }

    private LoopBody body(Runnable publish) {
        return new LoopBody() {
            @Override
            public Turn turn() {
                publish.run();
                toldAfterPublishing.add(events.syncs().crash(KEY).isPresent());
                if (broken.get()) {
                    throw new IllegalStateException("the test breaks it");
                }
                return new Turn(Duration.ofHours(1));
            }

            @Override
            public void close(StopReason reason) {}
        };
    }

    /** Another one each time. */
    private SyncSnapshot snapshot() {
        return new SyncSnapshot(
                Troubles.NONE,
                Reached.NOTHING,
                List.of(),
                List.of(),
                new Pace(Optional.empty(), Optional.empty(), toldAfterPublishing.size(), Optional.empty()));
    }

    private static SyncPlan plan() {
        CredentialRef ref = new CredentialRef("ns", "secret", "key");
        PostgresSettings settings = new PostgresSettings(
                new HostPort("db", 5432), "app", ref, ref, new TlsSettings(TlsMode.DISABLE, Optional.empty()), 5);
        return new SyncPlan(
                new Owner("cluster", KEY, "ledger"),
                settings,
                "s",
                new SourceConfig("ledger", "{}", Map.of()),
                Duration.ofSeconds(30),
                TableSelection.ALL,
                RateCeiling.NONE);
    }
}

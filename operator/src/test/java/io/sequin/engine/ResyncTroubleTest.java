package io.sequin.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.data.DeleteGuard;
import io.sequin.data.Problem;
import io.sequin.data.ResyncPlan;
import io.sequin.data.ResyncRequest;
import io.sequin.loop.StopReason;
import io.sequin.postgres.PostgresProblem;
import io.sequin.postgres.TableException;
import io.sequin.source.SourceException;
import io.sequin.source.SourceProblem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a re-sync has met after its listing, and for how long that is shown: it may ask and delete for half an hour. */
@Timeout(60)
class ResyncTroubleTest {
    private static final DeleteGuard ANY = new DeleteGuard(100, Optional.empty());

    private final TestingEngine engine = new TestingEngine("a");
    private final AtomicInteger sweeps = new AtomicInteger();

    ResyncTroubleTest() throws InterruptedException {
        for (int i = 10; i < 50; i++) {
            engine.ledger.put("a", "k" + i, "\"a" + i + "\"");
        }
        TestingEngine.Node first = engine.node();
        first.turnsUntil(() -> engine.database.content().equals(engine.ledger.truth()));
        first.loop.close(StopReason.SHUTDOWN);
    }

    private TestingEngine.Node resync(DeleteGuard guard) {
        ResyncRequest asked = new ResyncRequest("t", Set.of());
        return engine.node(TestingEngine.plan(new ResyncPlan(Optional.of(asked), guard)));
    }

    private static boolean isDone(TestingEngine.Node node) {
        return node.snapshot()
                .resync()
                .filter(r -> r.handled().filter("t"::equals).isPresent())
                .isPresent();
    }

    private static boolean waits(SyncSnapshot snapshot) {
        return snapshot.resync().filter(r -> r.waiting().containsKey("a")).isPresent();
    }

    @Test
    void aLockThatIsGoneIsNotShownWhileItDeletes() throws Exception {
        for (int i = 10; i < 25; i++) {
            engine.ledger.vanish("a", "k" + i);
        }
        engine.database.faults = point -> {
            if (point.equals("sweep a") && sweeps.incrementAndGet() == 3) {
                throw new TableException("a", Problem.of(PostgresProblem.LOCK_TIMEOUT, "locked"), "55P03", null);
            }
        };
        TestingEngine.Node node = resync(ANY);
        node.turnsUntil(() -> isDone(node));
        List<Boolean> waiting = new ArrayList<>();
        node.snapshots.stream()
                .filter(s -> s.resync().filter(r -> r.left().contains("a")).isPresent())
                .map(ResyncTroubleTest::waits)
                .filter(is -> waiting.isEmpty() || !waiting.getLast().equals(is))
                .forEachOrdered(waiting::add);
        assertThat(waiting).containsExactly(false, true, false);
    }

    @Test
    void whatTheSourceRefusedOnceIsNotShownWhileItIsAsked() throws Exception {
        List<SyncSnapshot> later =
                whileAsking(new SourceException(Problem.of(SourceProblem.PERMISSION_DENIED, "no"), "a", null));
        assertThat(later).isNotEmpty().noneMatch(ResyncTroubleTest::waits);
    }

    @Test
    void norThatItWasOutOfReach() throws Exception {
        List<SyncSnapshot> later = whileAsking(new SourceException(Problem.of(SourceProblem.UNREACHABLE, "no")));
        assertThat(later).isNotEmpty().allMatch(snapshot -> snapshot.source().isEmpty());
    }

    /** What is known once the source has answered again, and there is more to ask for. */
    private List<SyncSnapshot> whileAsking(SourceException once) throws InterruptedException {
        engine.source.asked = Set.of("a");
        for (int i = 10; i < 40; i++) {
            engine.ledger.vanish("a", "k" + i);
        }
        List<SyncSnapshot> later = new CopyOnWriteArrayList<>();
        AtomicInteger asked = new AtomicInteger();
        AtomicInteger since = new AtomicInteger();
        TestingEngine.Node node = resync(ANY);
        engine.source.faults = point -> {
            if (point.equals("confirm a") && asked.incrementAndGet() == 10) {
                throw once;
            }
        };
        engine.database.faults = point -> {
            if (point.equals("asked a answered") && asked.get() >= 10) {
                since.incrementAndGet();
            }
            if (point.equals("sweep a") && since.get() > 1 && asked.get() < 30) {
                later.add(node.snapshot());
            }
        };
        node.turnsUntil(() -> isDone(node));
        assertThat(engine.database.content()).isEqualTo(engine.ledger.truth());
        return later;
    }

    @Test
    void whatAPersonMustConfirmIsAskedForAlsoWhileItIsCountedAgain() throws Exception {
        for (int i = 10; i < 30; i++) {
            engine.ledger.vanish("a", "k" + i);
        }
        engine.database.faults = point -> {
            if (point.equals("sweep a")) {
                sweeps.incrementAndGet();
                engine.clock.advance(Duration.ofSeconds(2));
            }
        };
        TestingEngine.Node node = resync(DeleteGuard.USUAL);
        node.turnsUntil(() -> waits(node.snapshot()));
        node.snapshots.clear();
        int before = sweeps.get();
        node.turnsUntil(() -> sweeps.get() >= before + 4);
        assertThat(node.snapshots).isNotEmpty().allMatch(ResyncTroubleTest::waits);
    }
}

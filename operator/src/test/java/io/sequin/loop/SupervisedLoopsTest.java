package io.sequin.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sequin.loop.TestingLoops.Body;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Loops, their bodies and plans, and what others are told of them. */
class SupervisedLoopsTest {
    private final TestingLoops t = new TestingLoops();

    @AfterEach
    void stop() {
        t.releaseAll();
        t.loops.close();
    }

    @Test
    void runsOneBodyForAPlan() throws Exception {
        t.loops.apply("a", "plan");
        Body body = t.nextBody();
        assertThat(body.key).isEqualTo("a");
        assertThat(body.plan).isEqualTo("plan");
        body.finishTurn(Duration.ofHours(1));
        assertThat(t.loops.keys()).containsExactly("a");
    }

    @Test
    void theSamePlanAgainChangesNothing() throws Exception {
        t.loops.apply("a", "plan");
        Body body = t.nextBody();
        t.loops.apply("a", new String("plan"));
        body.finishTurn(Duration.ofHours(1));
        t.loops.wake("a");
        body.awaitTurn(2);
        assertThat(t.bodiesMade()).isEqualTo(1);
    }

    @Test
    void anotherPlanEndsTheOldBodyBeforeTheNewOneStarts() throws Exception {
        t.loops.apply("a", "old");
        Body old = t.nextBody();
        old.awaitTurn(1);
        t.loops.apply("a", "new");
        Body fresh = t.nextBody();
        assertThat(fresh.plan).isEqualTo("new");
        assertThat(old.closedWith()).isEqualTo(StopReason.REPLACED);
        assertThat(t.mostAtOnce()).isEqualTo(1);
    }

    @Test
    void aStuckBodyIsLeftBehindAndCanNoLongerPublish() throws Exception {
        t.ignoreInterrupts = true;
        t.loops.apply("a", "old");
        Body stuck = t.nextBody();
        stuck.awaitTurn(1);
        t.ignoreInterrupts = false;
        t.loops.apply("a", "new");
        Body fresh = t.nextBody();
        fresh.publish.accept("fresh");
        stuck.publish.accept("stale");
        assertThat(t.loops.snapshot("a")).contains("fresh");
    }

    @Test
    void aSnapshotOfAnEarlierPlanIsNotShown() throws Exception {
        t.loops.apply("a", "old");
        t.nextBody().publish.accept("of the old plan");
        assertThat(t.loops.snapshot("a")).contains("of the old plan");
        t.loops.apply("a", "new");
        assertThat(t.loops.snapshot("a")).isEmpty();
    }

    @Test
    void aWholeGoodTurnIsToldOnceAndAgainAfterACrashWhateverWasPublishedBefore() throws Exception {
        t.loops.apply("a", "plan");
        Body crashing = t.nextBody();
        crashing.publish.accept("all is well");
        crashing.crash(new IllegalStateException("no"));
        Body body = t.nextBody();
        assertThat(t.worked).isEmpty();
        body.finishTurn(Duration.ZERO);
        body.awaitTurn(2);
        body.finishTurn(Duration.ZERO);
        body.awaitTurn(3);
        assertThat(t.worked).containsExactly("a");
        body.crash(new IllegalStateException("again"));
        Body third = t.nextBody();
        third.finishTurn(Duration.ZERO);
        third.awaitTurn(2);
        assertThat(t.worked).containsExactly("a", "a");
    }

    @Test
    void tellsTheListenerOfChangedSnapshotsOnly() throws Exception {
        t.loops.apply("a", "plan");
        Body body = t.nextBody();
        body.publish.accept("one");
        body.publish.accept(new String("one"));
        body.publish.accept("two");
        assertThat(t.changed).containsExactly("a", "a");
    }

    @Test
    void removeClosesTheBodyWithTheReasonAndWithoutAnInterrupt() throws Exception {
        t.loops.apply("a", "plan");
        Body body = t.nextBody();
        body.awaitTurn(1);
        t.loops.remove("a", StopReason.REMOVED);
        assertThat(body.closedWith()).isEqualTo(StopReason.REMOVED);
        assertThat(body.interruptedInClose).isFalse();
        await().until(() -> t.loops.keys().isEmpty());
        assertThat(t.loops.snapshot("a")).isEmpty();
    }

    @Test
    void aPlanAppliedWhileTheLoopEndsStartsAnother() throws Exception {
        t.loops.apply("a", "plan");
        Body first = t.nextBody();
        t.loops.remove("a", StopReason.REMOVED);
        t.loops.apply("a", "plan two");
        Body second = t.nextBody();
        assertThat(second.plan).isEqualTo("plan two");
        assertThat(first.isClosed()).isTrue();
    }

    @Test
    void aBodyAtRestIsClosedByAnotherPlanAndByRemoval() throws Exception {
        t.loops.apply("a", "old");
        Body old = t.nextBody();
        old.finishTurn(Duration.ofHours(1));
        old.awaitRest();
        t.loops.apply("a", "new");
        assertThat(old.closedWith()).isEqualTo(StopReason.REPLACED);
        Body fresh = t.nextBody();
        fresh.finishTurn(Duration.ofHours(1));
        fresh.awaitRest();
        t.loops.remove("a", StopReason.REMOVED);
        assertThat(fresh.closedWith()).isEqualTo(StopReason.REMOVED);
        await().until(() -> t.loops.keys().isEmpty());
    }

    @Test
    void aCrashIsReportedCountedAndTriedAgainWithAFreshBody() throws Exception {
        t.loops.apply("a", "plan");
        Body first = t.nextBody();
        first.crash(new IllegalStateException("first"));
        Body second = t.nextBody();
        assertThat(first.closedWith()).isEqualTo(StopReason.REPLACED);
        second.crash(new StackOverflowError("second"));
        Body third = t.nextBody();
        assertThat(t.crashes).containsExactly("a 1 first", "a 2 second");
        assertThat(t.loops.crashes()).isEqualTo(2);
        third.finishTurn(Duration.ZERO);
        third.awaitTurn(2);
        third.crash(new IllegalStateException("third"));
        t.nextBody();
        assertThat(t.crashes).last().isEqualTo("a 1 third");
    }

    @Test
    void aListenerThatThrowsDoesNotStopTheLoop() throws Exception {
        t.listenerFails = true;
        t.loops.apply("a", "plan");
        Body body = t.nextBody();
        body.publish.accept("one");
        body.crash(new IllegalStateException("boom"));
        assertThat(t.nextBody().plan).isEqualTo("plan");
    }

    @Test
    void drainStopsAllAndNothingStartsAfterIt() throws Exception {
        t.loops.apply("a", "plan");
        t.loops.apply("b", "plan");
        Body one = t.nextBody();
        Body two = t.nextBody();
        assertThat(t.loops.drain(Duration.ofSeconds(30))).isTrue();
        assertThat(one.closedWith()).isEqualTo(StopReason.SHUTDOWN);
        assertThat(two.closedWith()).isEqualTo(StopReason.SHUTDOWN);
        t.loops.apply("c", "plan");
        assertThat(t.loops.keys()).isEmpty();
    }

    @Test
    void drainSaysWhenALoopDidNotEndInTime() throws Exception {
        t.ignoreInterrupts = true;
        t.loops.apply("a", "plan");
        t.nextBody().awaitTurn(1);
        assertThat(t.loops.drain(Duration.ZERO)).isFalse();
    }

    @Test
    void itsThreadsCarryNameAndLogContext() throws Exception {
        t.loops.apply("a", "plan");
        Body body = t.nextBody();
        body.awaitTurn(1);
        assertThat(body.threadName).isEqualTo("test a");
        assertThat(body.logContext).isEqualTo(Map.of("resource.name", "a"));
    }
}

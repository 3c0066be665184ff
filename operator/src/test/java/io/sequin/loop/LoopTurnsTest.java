package io.sequin.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sequin.loop.TestingLoops.Body;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When the turns of a loop begin: by time, by a wake, with the permit; and when one lasts too long. */
class LoopTurnsTest {
    private final TestingLoops t = new TestingLoops();

    @AfterEach
    void stop() {
        t.releaseAll();
        t.loops.close();
    }

    @Test
    void aWakeBeginsTheNextTurnAndSaysSo() throws Exception {
        t.loops.apply("a", "plan");
        Body body = t.nextBody();
        body.finishTurn(Duration.ofHours(1));
        assertThat(body.wakes.get()).isZero();
        t.loops.wake("a");
        body.awaitTurn(2);
        assertThat(body.wakes.get()).isEqualTo(1);
    }

    @Test
    void aWakeDuringATurnIsNotLost() throws Exception {
        t.loops.apply("a", "plan");
        Body body = t.nextBody();
        body.awaitTurn(1);
        t.loops.wake("a");
        body.finishTurn(Duration.ofHours(1));
        body.awaitTurn(2);
        assertThat(body.wakes.get()).isEqualTo(1);
    }

    @Test
    void aBodyMayHearAWakeDuringItsTurnAndIsThenNotWokenForItAgain() throws Exception {
        t.loops.apply("a", "plan");
        Body body = t.nextBody();
        body.awaitTurn(1);
        assertThat(body.heard.getAsBoolean()).isFalse();
        t.loops.wake("a");
        assertThat(body.heard.getAsBoolean()).isTrue();
        assertThat(body.heard.getAsBoolean()).isFalse();
        body.finishTurn(Duration.ofMillis(50));
        body.awaitTurn(2);
        assertThat(body.wakes.get()).isZero();
        body.finishTurn(Duration.ofHours(1));
        t.loops.wake("a");
        body.awaitTurn(3);
        assertThat(body.wakes.get()).isEqualTo(1);
    }

    @Test
    void nothingRunsWithoutThePermit() throws Exception {
        t.permit.set(false);
        t.loops.apply("a", "plan");
        assertThat(t.bodiesMade()).isZero();
        t.permit.set(true);
        t.loops.wake("a");
        assertThat(t.nextBody().plan).isEqualTo("plan");
    }

    @Test
    void aWakeWithoutThePermitIsUsedUp() {
        t.permit.set(false);
        t.loops.apply("a", "plan");
        t.loops.wake("a");
        await().during(Duration.ofMillis(300)).until(() -> t.steps.get() < 100);
        assertThat(t.bodiesMade()).isZero();
    }

    @Test
    void aLostPermitClosesTheBodyAndAFreshOneStartsWithTheNext() throws Exception {
        t.loops.apply("a", "plan");
        Body body = t.nextBody();
        body.publish.accept("state");
        t.permit.set(false);
        body.finishTurn(Duration.ofHours(1));
        assertThat(body.closedWith()).isEqualTo(StopReason.SHUTDOWN);
        t.permit.set(true);
        t.loops.wake("a");
        assertThat(t.nextBody()).isNotSameAs(body);
        assertThat(t.loops.snapshot("a")).contains("state");
    }

    @Test
    void aBodyAtRestIsClosedWhenThePermitIsLostAndAFreshOneStartsWithTheNext() throws Exception {
        t.loops.apply("a", "plan");
        Body body = t.nextBody();
        body.finishTurn(Duration.ofHours(1));
        body.awaitRest();
        t.permit.set(false);
        assertThat(body.closedWith()).isEqualTo(StopReason.SHUTDOWN);
        assertThat(t.bodiesMade()).isEqualTo(1);
        t.permit.set(true);
        assertThat(t.nextBody().plan).isEqualTo("plan");
    }

    @Test
    void theNextTurnBeginsWhenTheRestIsOver() throws Exception {
        t.loops.apply("a", "plan");
        Body body = t.nextBody();
        body.finishTurn(Duration.ofMillis(50));
        body.awaitTurn(2);
        assertThat(body.wakes.get()).isZero();
    }

    @Test
    void aLoopInOneTurnForTooLongIsStuckUntilItPublishes() throws Exception {
        t.loops.apply("a", "plan");
        Body body = t.nextBody();
        body.awaitTurn(1);
        t.clock.advance(Duration.ofMinutes(10));
        assertThat(t.loops.stuck(Duration.ofMinutes(5))).containsExactly("a");
        body.publish.accept("alive");
        assertThat(t.loops.stuck(Duration.ofMinutes(5))).isEmpty();
    }

    @Test
    void aLoopThatWaitsForItsNextTurnIsNotStuck() throws Exception {
        t.loops.apply("a", "plan");
        Body body = t.nextBody();
        body.finishTurn(Duration.ofHours(1));
        body.awaitRest();
        t.clock.advance(Duration.ofMinutes(10));
        assertThat(t.loops.stuck(Duration.ofMinutes(5))).isEmpty();
    }
}

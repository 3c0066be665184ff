package io.sequin.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LeadershipTest {
    private final AtomicInteger lost = new AtomicInteger();
    private final Leadership leadership = new Leadership(lost::incrementAndGet);

    @Test
    void loopsMayRunOnlyWhileItLeads() {
        assertThat(leadership.granted()).isFalse();
        leadership.callbacks().onStartLeading();
        assertThat(leadership.granted()).isTrue();
        leadership.callbacks().onStopLeading();
        assertThat(leadership.granted()).isFalse();
        assertThat(lost).hasValue(1);
    }

    @Test
    void aResigningLeaderMayFinishItsWorkAndLosesNothing() {
        leadership.callbacks().onStartLeading();
        leadership.resign();
        assertThat(leadership.granted()).isTrue();
        leadership.callbacks().onStopLeading();
        assertThat(leadership.granted()).isFalse();
        assertThat(lost).hasValue(0);
    }

    @Test
    void aStandbyThatStopsNeverLeads() {
        leadership.resign();
        leadership.callbacks().onStartLeading();
        assertThat(leadership.granted()).isFalse();
    }

    @Test
    void whoLostTheLeaseDoesNotLeadAgain() {
        leadership.callbacks().onStartLeading();
        leadership.callbacks().onStopLeading();
        leadership.callbacks().onStartLeading();
        assertThat(leadership.granted()).isFalse();
    }
}

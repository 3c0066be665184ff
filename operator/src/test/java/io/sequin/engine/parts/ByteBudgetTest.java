package io.sequin.engine.parts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ByteBudgetTest {
    private final ByteBudget budget = new ByteBudget(100 << 10);

    @Test
    void whatIsReservedIsGivenBack() throws Exception {
        try (ByteBudget.Reservation held = budget.reserve(30 << 10)) {
            assertThat(budget.available()).isEqualTo(70 << 10);
            held.resize(10 << 10);
            assertThat(budget.available()).isEqualTo(90 << 10);
        }
        assertThat(budget.available()).isEqualTo(100 << 10);
    }

    @Test
    void aReservationWaitsUntilThereIsRoom() throws Exception {
        ByteBudget.Reservation first = budget.reserve(80 << 10);
        CountDownLatch got = new CountDownLatch(1);
        Thread second = reserveInBackground(40 << 10, got);
        await().until(() -> second.getState() == Thread.State.WAITING);
        assertThat(got.getCount()).isEqualTo(1);
        first.close();
        assertThat(got.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void whoAsksForMoreThanThereIsWaitsToBeAlone() throws Exception {
        ByteBudget.Reservation small = budget.reserve(1 << 10);
        CountDownLatch got = new CountDownLatch(1);
        Thread large = reserveInBackground(500 << 10, got);
        await().until(() -> large.getState() == Thread.State.WAITING);
        small.close();
        assertThat(got.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(budget.available()).isZero();
    }

    @Test
    void growingNeverWaitsAndPassesNobody() throws Exception {
        ByteBudget.Reservation held = budget.reserve(60 << 10);
        assertThat(held.tryGrow(20 << 10)).isTrue();
        assertThat(held.tryGrow(30 << 10)).isFalse();
        Thread waiting = reserveInBackground(90 << 10, new CountDownLatch(1));
        await().until(() -> waiting.getState() == Thread.State.WAITING);
        assertThat(held.tryGrow(1 << 10)).as("someone waits").isFalse();
        held.close();
        waiting.join();
    }

    @Test
    void whatIsFetchedAheadLeavesRoomAndPassesNobody() throws Exception {
        ByteBudget.Reservation ahead = budget.reserveAhead(20 << 10).orElseThrow();
        assertThat(ahead.tryGrow(55 << 10)).isTrue();
        assertThat(ahead.tryGrow(1 << 10)).as("a quarter stays free").isFalse();
        assertThat(budget.reserveAhead(1 << 10)).isEmpty();
        ahead.needed();
        assertThat(ahead.tryGrow(1 << 10)).isTrue();
        ahead.resize(20 << 10);
        assertThat(budget.reserveAhead(50 << 10)).as("as much again stays free").isEmpty();
        Thread waiting = reserveInBackground(90 << 10, new CountDownLatch(1));
        await().until(() -> waiting.getState() == Thread.State.WAITING);
        assertThat(budget.reserveAhead(1 << 10)).as("someone waits").isEmpty();
        ahead.close();
        waiting.join();
        assertThat(budget.available()).isEqualTo(10 << 10);
    }

    @Test
    void aLargeRecordOverdrawsAndOthersWaitUntilItIsGone() throws Exception {
        ByteBudget.Reservation held = budget.reserve(10 << 10);
        held.resize(300 << 10);
        assertThat(budget.available()).isEqualTo(-(200 << 10));
        CountDownLatch got = new CountDownLatch(1);
        Thread waiting = reserveInBackground(1 << 10, got);
        await().until(() -> waiting.getState() == Thread.State.WAITING);
        held.close();
        assertThat(got.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void refusesToBeTooSmall() {
        assertThatIllegalArgumentException().isThrownBy(() -> new ByteBudget(10));
    }

    private Thread reserveInBackground(long bytes, CountDownLatch got) {
        return Thread.ofVirtual().start(() -> {
            try {
                budget.reserve(bytes);
                got.countDown();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }
}

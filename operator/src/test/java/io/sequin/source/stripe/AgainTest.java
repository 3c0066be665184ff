package io.sequin.source.stripe;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.data.Checkpoint;
import io.sequin.data.Json;
import io.sequin.source.Lane;
import io.sequin.testkit.stripe.StripeObjectType;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Reading open rows again. */
class AgainTest {
    private static final StripeObjectType INTENT = StripeObjectType.of("setup_intent");

    private final AtomicReference<Instant> now =
            new AtomicReference<>(Instant.now().minus(Duration.ofDays(3)));
    private final StripeBench bench = new StripeBench(StripeBench.fakeAt(now));

    @AfterEach
    void close() {
        bench.close();
    }

    private Lane lane(String table) {
        return Objects.requireNonNull(bench.plan().get("again:" + table));
    }

    private void make(StripeObjectType type, int count) {
        for (int i = 0; i < count; i++) {
            now.updateAndGet(t -> t.plus(Duration.ofMinutes(5)));
            bench.stripe.data().create(type);
        }
    }

    private Checkpoint walk(Lane lane, Checkpoint from) {
        return StripeBench.throughTheDatabase(
                StripeBench.after(bench.readAll(lane, from).getLast()));
    }

    private int requestsOf(Runnable work) {
        int before = bench.stripe.requests().all().size();
        work.run();
        return bench.stripe.requests().all().size() - before;
    }

    @Test
    void whereNoneIsOpenTheNextWalkBeginsAtTheNewestOfTheWholeLast() {
        make(INTENT, 120);
        Lane lane = lane("setup_attempt");
        Checkpoint after = walk(lane, lane.start());
        long newest = now.get().getEpochSecond();
        assertThat(Again.Position.of(after).open()).isEqualTo(newest - Tail.OVERLAP.toSeconds());
        assertThat(requestsOf(() -> walk(lane, after))).isLessThanOrEqualTo(2);
    }

    @Test
    void aWalkThatStoppedHalfwayKnowsTheNewestOfItsBeginning() {
        make(INTENT, 120);
        Lane lane = lane("setup_attempt");
        Checkpoint half = StripeBench.throughTheDatabase(StripeBench.after(bench.read(lane, lane.start())));
        assertThat(Again.Position.of(half).newest()).isEqualTo(now.get().getEpochSecond());
        bench.reopen();
        bench.plan();
        assertThat(Again.Position.of(walk(lane, half)).open())
                .isEqualTo(now.get().getEpochSecond() - Tail.OVERLAP.toSeconds());
    }

    @Test
    void aPlaceWithoutTheNewestIsReadAsOneThatDoesNotKnowIt() {
        Checkpoint old =
                new Checkpoint(Json.of("{\"v\":1,\"open\":7,\"after\":\"seti_1\",\"created\":20,\"oldest\":15}"));
        assertThat(Again.Position.of(old))
                .isEqualTo(new Again.Position(new Spot("seti_1", 20, null, false), 7, 15, 0, ""));
    }

    @Test
    void aListThatIsAsItWasIsHandedOutNowAndThenSinceOthersMayHaveWrittenItsRows() {
        make(StripeObjectType.of("webhook_endpoint"), 2);
        Lane lane = lane("webhook_endpoint");
        Checkpoint at = walk(lane, lane.start());
        assertThat(bench.read(lane, at).changes()).isEmpty();
        bench.clock.advance(Again.TOLD.plusSeconds(1));
        assertThat(bench.read(lane, at).changes()).hasSize(2);
        assertThat(bench.read(lane, at).changes()).isEmpty();
    }

    @Test
    void aClockThatIsSetBackHoldsNoListBack() {
        make(StripeObjectType.of("webhook_endpoint"), 2);
        Lane lane = lane("webhook_endpoint");
        Checkpoint at = walk(lane, lane.start());
        bench.clock.advance(Again.TOLD.plusSeconds(1).negated());
        assertThat(bench.read(lane, at).changes()).hasSize(2);
    }

    @Test
    void aSessionThatBeginsHandsItOutOnce() {
        make(StripeObjectType.of("webhook_endpoint"), 2);
        Lane lane = lane("webhook_endpoint");
        Checkpoint at = walk(lane, lane.start());
        bench.reopen();
        bench.plan();
        assertThat(bench.read(lane, at).changes()).hasSize(2);
        assertThat(bench.read(lane, at).changes()).isEmpty();
    }
}

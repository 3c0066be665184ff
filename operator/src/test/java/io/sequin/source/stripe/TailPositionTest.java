package io.sequin.source.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sequin.data.Checkpoint;
import io.sequin.data.Json;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the place in the events moves: against a model of a list in which events appear late. */
class TailPositionTest {
    private static final long START = 1_790_000_000L;
    private static final Comparator<Appearing> NEWEST_FIRST = Comparator.comparingLong(
                    (Appearing e) -> e.event().created())
            .thenComparing(e -> e.event().id())
            .reversed();

    /** An event and the second from which on Stripe's list shows it. */
    private record Appearing(StripeEvent event, long visibleFrom) {}

    private final List<Appearing> all = new ArrayList<>();

    private static StripeEvent event(String id, long created) {
        return new StripeEvent(id, "customer.updated", created, List.of());
    }

    private StripeList<StripeEvent> list(TailPosition at, long now, int limit) {
        List<StripeEvent> visible = all.stream()
                .filter(e -> e.visibleFrom() <= now && e.event().created() >= at.floor())
                .sorted(NEWEST_FIRST)
                .map(Appearing::event)
                .toList();
        TailPosition.Walk walk = at.walk();
        int begin = walk == null
                ? 0
                : 1 + visible.stream().map(StripeEvent::id).toList().indexOf(walk.after());
        int end = Math.min(visible.size(), begin + limit);
        return new StripeList<>(visible.subList(begin, end), end < visible.size());
    }

    private static TailPosition written(TailPosition position) {
        return TailPosition.of(StripeBench.throughTheDatabase(position.checkpoint()));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void everyEventIsHandedOutOnceThoughTheyAppearLateAndOutOfOrder(long seed) {
        Random random = new Random(seed);
        List<String> handedOut = new ArrayList<>();
        TailPosition at = TailPosition.startingAt(START - 60);
        long now = START;
        int limit = 3 + random.nextInt(20);
        int quietWalks = 0;
        for (int turn = 0; quietWalks < 3; turn++) {
            int burst = random.nextInt(10) == 0 ? 40 : random.nextInt(4);
            for (int i = 0; i < burst && turn < 500; i++) {
                all.add(new Appearing(event("evt_" + all.size(), now), now + random.nextInt(50)));
            }
            now += turn < 500 ? random.nextInt(8) : 60;
            StripeList<StripeEvent> page = list(at, now, limit);
            for (StripeEvent event : page.data()) {
                if (!at.done(event)) {
                    handedOut.add(event.id());
                }
            }
            at = written(at.after(page, now));
            quietWalks += turn > 500 && at.walk() == null ? 1 : 0;
        }
        assertThat(handedOut)
                .doesNotHaveDuplicates()
                .containsExactlyInAnyOrderElementsOf(
                        all.stream().map(e -> e.event().id()).toList());
        assertThat(at.seen().keySet()).allMatch(second -> second >= START);
    }

    @Test
    void aWalkThatWasLeftForDaysDoesNotSkipWhatCameMeanwhile() {
        for (int i = 0; i < 15; i++) {
            all.add(new Appearing(event("evt_old" + i, START + i), START));
        }
        TailPosition at = TailPosition.startingAt(START - 60);
        at = at.after(list(at, START + 20, 10), START + 20);
        assertThat(at.walk()).isNotNull();
        all.add(new Appearing(event("evt_meanwhile", START + 7_200), START + 7_200));
        long back = START + 5 * 86_400;

        at = at.after(list(at, back, 10), back);

        assertThat(at.walk()).isNull();
        assertThat(list(at, back, 10).data()).extracting(StripeEvent::id).contains("evt_meanwhile");
    }

    @Test
    void ofAVeryLargeBurstTheOldestComeAgainAndNoLateEventIsLost() {
        int perSecond = 2 * TailPosition.MAX_SEEN / 60;
        for (int i = 0; i < 60 * perSecond; i++) {
            all.add(new Appearing(event("evt_" + i, START + i / perSecond), START));
        }
        all.add(new Appearing(event("evt_late", START + 5), START + 62));
        TailPosition at = walked(TailPosition.startingAt(START - 60), START + 60);
        assertThat(at.seen().values().stream().mapToInt(Set::size).sum())
                .as("the checkpoint does not grow")
                .isLessThanOrEqualTo(TailPosition.MAX_SEEN);
        assertThat(at.floor()).isEqualTo(START - 1);

        TailPosition next = written(at);
        List<StripeEvent> handedOut = list(next, START + 62, Integer.MAX_VALUE).data().stream()
                .filter(event -> !next.done(event))
                .toList();

        assertThat(handedOut).extracting(StripeEvent::id).contains("evt_late");
        assertThat(handedOut).as("half of them").hasSizeLessThanOrEqualTo(60 * perSecond / 2 + perSecond + 1);
        assertThat(walked(next, START + 60)).as("nothing new").isEqualTo(next);
    }

    private TailPosition walked(TailPosition from, long now) {
        TailPosition at = from;
        do {
            at = at.after(list(at, now, 5_000), now);
        } while (at.walk() != null);
        return at;
    }

    @Test
    void onlyEventsThatConcernASelectedTableAreRemembered() {
        StripeList<StripeEvent> page =
                new StripeList<>(List.of(event("evt_2", START + 1), event("evt_1", START)), false);

        TailPosition at = TailPosition.startingAt(START - 60)
                .after(page, START + 5, event -> event.id().equals("evt_1"));

        assertThat(at.seen()).containsOnlyKeys(START);
        assertThat(at.floor()).isEqualTo(START + 1 - 60);
    }

    @Test
    void anEventFromTheFutureDoesNotCarryThePlaceAway() {
        TailPosition at = TailPosition.startingAt(START);
        StripeList<StripeEvent> page = new StripeList<>(List.of(event("evt_1", START + 9_999)), false);

        assertThat(at.after(page, START + 5).floor()).isEqualTo(START);
    }

    @Test
    void aCheckpointReadsBackAsItWasWritten() {
        TailPosition at = TailPosition.startingAt(START)
                .after(new StripeList<>(List.of(event("evt_2", START + 1), event("evt_1", START)), true), START + 5);

        assertThat(written(at)).isEqualTo(at);
        assertThat(at.checkpoint().json().text())
                .isEqualTo("{\"v\":1,\"floor\":1790000000,\"seen\":{\"1790000000\":[\"evt_1\"],"
                        + "\"1790000001\":[\"evt_2\"]},\"walk\":{\"top\":1790000001,\"after\":\"evt_1\"}}");
        assertThat(TailPosition.startingAt(START)).isEqualTo(new TailPosition(START, new TreeMap<>(), null));
    }

    @Test
    void aCheckpointOfAnotherLayoutIsRefused() {
        Checkpoint newer = new Checkpoint(Json.of("{\"v\":2,\"floor\":5}"));

        assertThatThrownBy(() -> TailPosition.of(newer)).hasMessageContaining("another layout");
        assertThatThrownBy(() -> Spot.of(newer)).hasMessageContaining("another layout");
    }
}

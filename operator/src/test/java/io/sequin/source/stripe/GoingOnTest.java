package io.sequin.source.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sequin.WideBudgets;
import io.sequin.data.AccountId;
import io.sequin.data.Change;
import io.sequin.data.RateCeiling;
import io.sequin.data.ResourceKey;
import io.sequin.data.RowKey;
import io.sequin.source.Lane;
import io.sequin.source.Page;
import io.sequin.source.Purpose;
import io.sequin.source.RateLimits;
import io.sequin.source.RequestGate;
import io.sequin.source.RequestGates;
import io.sequin.source.SourceException;
import io.sequin.source.SourceProblem;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** An object with lines on more pages than a spec.rateLimit lets through in its interval. */
class GoingOnTest {
    private static final List<Change.Hint> HINT = List.of(new Change.Hint("invoice", RowKey.of("in_1"), false));

    private final List<RequestGate.Step> steps = new CopyOnWriteArrayList<>();

    private static WrittenStripe stripe(RequestGates gates, RateCeiling ceiling) {
        WrittenStripe stripe = new WrittenStripe(gates, ceiling);
        stripe.session.plan(stripe.session.discover(), Instant.now());
        stripe.invoiceWithTheFirstOfItsLines("il_1");
        stripe.linesAfter("il_1", true, "il_2");
        stripe.linesAfter("il_2", true, "il_3");
        stripe.linesAfter("il_3", true, "il_4");
        stripe.linesAfter("il_4", false, "il_5");
        return stripe;
    }

    private static RateCeiling ceiling(int requests, Duration interval) {
        return new RateCeiling(
                OptionalInt.of(requests), Optional.of(interval), OptionalInt.empty(), OptionalInt.empty());
    }

    /** The real gates, whose requests are written down. */
    private RequestGate recorded(String kind, ResourceKey sync, RateCeiling ceiling) {
        RequestGate gate = WideBudgets.create().open(kind, sync, ceiling);
        return new RequestGate() {
            @Override
            public void belongsTo(AccountId account, RateLimits limits) {
                gate.belongsTo(account, limits);
            }

            @Override
            public Pass enter(Purpose purpose, String group, Step step) {
                steps.add(step);
                return gate.enter(purpose, group, step);
            }

            @Override
            public void close() {
                gate.close();
            }
        };
    }

    @Test
    void itIsFetchedWithWaitsForTheNextIntervals() {
        try (WrittenStripe stripe = stripe(WideBudgets.create(), ceiling(3, Duration.ofMillis(5_500)))) {
            stripe.session.account();

            assertThat(stripe.session.fetch(HINT))
                    .last()
                    .isInstanceOfSatisfying(
                            Change.ChildSet.class,
                            lines -> assertThat(lines.complete()).isTrue());
        }
    }

    @Test
    void whereTheIntervalIsTooLongForThatTheReasonAndTheCureAreSaid() {
        try (WrittenStripe stripe = stripe(WideBudgets.create(), ceiling(3, Duration.ofHours(1)))) {
            assertThatThrownBy(() -> stripe.session.fetch(HINT))
                    .isInstanceOfSatisfying(
                            SourceException.class,
                            e -> assertThat(e.problem().code()).isEqualTo(SourceProblem.RATE_LIMITED))
                    .hasMessageContaining("takes more than spec.rateLimit.requests is never read")
                    .hasMessageContaining("spec.rateLimit.interval to 2m or less");
        }
    }

    @Test
    void allPagesOfAFetchedObjectGoOnWithIt() {
        try (WrittenStripe stripe = stripe(this::recorded, RateCeiling.NONE)) {
            stripe.session.fetch(HINT);

            assertThat(steps)
                    .containsExactly(
                            RequestGate.Step.BEGINS,
                            RequestGate.Step.GOES_ON,
                            RequestGate.Step.GOES_ON,
                            RequestGate.Step.GOES_ON,
                            RequestGate.Step.GOES_ON);
        }
    }

    @Test
    void soDoThoseOfTheFirstObjectOfAListAndTheRestOfItsLines() {
        try (WrittenStripe stripe = stripe(this::recorded, RateCeiling.NONE)) {
            Lane lane = stripe.firstPass();
            steps.clear();
            Page begun = stripe.session.read(lane, lane.start(), 500);
            assertThat(begun.safe()).isFalse();
            Page rest = stripe.session.read(lane, begun.next(), 1 << 20);
            assertThat(rest.safe()).isTrue();

            assertThat(steps.getFirst()).isEqualTo(RequestGate.Step.BEGINS);
            assertThat(steps.subList(1, steps.size()))
                    .hasSizeGreaterThanOrEqualTo(4)
                    .containsOnly(RequestGate.Step.GOES_ON);
        }
    }
}

package io.sequin.source.stripe;

import static io.sequin.source.stripe.StripeBench.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.data.Change;
import io.sequin.data.Problem;
import io.sequin.data.RowKey;
import io.sequin.source.Lane;
import io.sequin.source.SourceException;
import io.sequin.source.SourceProblem;
import io.sequin.testkit.stripe.FakeStripe;
import io.sequin.testkit.stripe.Fault;
import io.sequin.testkit.stripe.FaultRule;
import io.sequin.testkit.stripe.StripeObjectType;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes wrong at Stripe, and what the user is told. */
class StripeFailuresTest {
    private final StripeBench bench = new StripeBench(FakeStripe.start(), Duration.ofSeconds(2));
    private String customer = "";

    @BeforeEach
    void oneCustomer() {
        customer = bench.stripe.data().create(StripeObjectType.CUSTOMER);
    }

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void tooManyRequestsSayWhenToComeAgain() {
        bench.stripe.faults().add(FaultRule.always(new Fault.RateLimited(Optional.of(Duration.ofSeconds(30)))));

        SourceException e = failure(() -> bench.fetchCustomer(customer));

        assertThat(e.problem().code()).isEqualTo(SourceProblem.RATE_LIMITED);
        assertThat(e.problem().retryAt())
                .hasValueSatisfying(at -> assertThat(at)
                        .isBetween(Instant.now().plusSeconds(10), Instant.now().plusSeconds(31)));
        assertThat(e.table()).isEmpty();
    }

    @Test
    void tooManyRequestsWithoutATimeLeaveTheWaitToTheEngine() {
        bench.stripe.faults().add(FaultRule.always(new Fault.RateLimited(Optional.empty())));

        assertThat(failure(() -> bench.fetchCustomer(customer)).problem().retryAt())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 502, 503})
    void anErrorOfStripesOwnIsUnavailable(int status) {
        bench.stripe.faults().add(FaultRule.always(new Fault.ServerError(status)));

        SourceException e = failure(() -> bench.fetchCustomer(customer));

        assertThat(e.problem().code()).isEqualTo(SourceProblem.UNAVAILABLE);
        assertThat(e.problem().message()).contains("status " + status);
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 404, 418})
    void theSameRefusalHasTheSameWordsForEachRequestAndObject(int status) {
        String other = bench.stripe.data().create(StripeObjectType.CUSTOMER);
        bench.stripe.faults().add(FaultRule.always(new Fault.ServerError(status)));

        Problem first = failure(() -> bench.fetchCustomer(customer)).problem();

        assertThat(failure(() -> bench.fetchCustomer(customer)).problem()).isEqualTo(first);
        assertThat(failure(() -> bench.fetchCustomer(other)).problem()).isEqualTo(first);
        assertThat(first.message()).doesNotContain("req_");
    }

    @Test
    void aBrokenConnectionHasTheSameWordsForEachPath() {
        Lane lane = bench.events();
        bench.stripe.faults().add(FaultRule.always(new Fault.DropMidBody()));

        Problem first = failure(() -> bench.fetchCustomer(customer)).problem();

        assertThat(failure(() -> bench.read(lane, lane.start())).problem()).isEqualTo(first);
    }

    @Test
    void anAnswerThatIsNotStripesHasTheSameWordsForEachObject() {
        String other = bench.stripe.data().create(StripeObjectType.CUSTOMER);
        bench.stripe.faults().add(FaultRule.always(new Fault.NotJson()));

        Problem first = failure(() -> bench.fetchCustomer(customer)).problem();

        assertThat(failure(() -> bench.fetchCustomer(other)).problem()).isEqualTo(first);
    }

    @Test
    void aConnectionThatBreaksInTheMiddleIsUnreachable() {
        bench.stripe.faults().add(FaultRule.always(new Fault.DropMidBody()));

        assertThat(failure(() -> bench.fetchCustomer(customer)).problem().code())
                .isEqualTo(SourceProblem.UNREACHABLE);
    }

    @Test
    void anAnswerThatIsNotStripesIsUnexpectedAndNeverADelete() {
        Lane lane = bench.events();
        for (Fault fault : List.of(new Fault.TruncatedBody(), new Fault.NotJson())) {
            bench.stripe.faults().add(FaultRule.always(fault));
            assertThat(failure(() -> bench.fetchCustomer(customer)).problem().code())
                    .isEqualTo(SourceProblem.UNEXPECTED_ANSWER);
            assertThat(failure(() -> bench.read(lane, lane.start())).problem().code())
                    .isEqualTo(SourceProblem.UNEXPECTED_ANSWER);
            assertThat(failure(bench.session::account).problem().code()).isEqualTo(SourceProblem.UNEXPECTED_ANSWER);
            bench.stripe.faults().clear();
        }
    }

    @Test
    void aServerThatHangsIsUnreachableAfterTheTimeout() {
        bench.stripe.faults().add(FaultRule.always(new Fault.Hang()));

        assertThat(failure(() -> bench.fetchCustomer(customer)).problem().code())
                .isEqualTo(SourceProblem.UNREACHABLE);
    }

    @Test
    void onlyStripesWordThatTheObjectIsGoneMakesADelete() {
        bench.stripe.data().delete(StripeObjectType.CUSTOMER, customer);
        String product = bench.stripe.data().create(StripeObjectType.PRODUCT);
        bench.stripe.data().delete(StripeObjectType.PRODUCT, product);

        assertThat(bench.fetchCustomer(customer)).containsExactly(new Change.Delete("customer", RowKey.of(customer)));
        assertThat(bench.session.fetch(List.of(new Change.Hint("product", RowKey.of(product), true))))
                .containsExactly(new Change.Delete("product", RowKey.of(product)));
        assertThat(bench.fetchCustomer("cus_never"))
                .containsExactly(new Change.Delete("customer", RowKey.of("cus_never")));
        assertThat(failure(() -> bench.fetchCustomer("a/b")).problem().code())
                .isEqualTo(SourceProblem.UNEXPECTED_ANSWER);
    }

    @Test
    void idsThatClientsChoseAreFetchedWhateverTheyHold() {
        String id = "Gold plan ☆ 100%+?&#";
        bench.stripe.data().createProduct(id, p -> p.put("name", "gold"));

        Change change = bench.session
                .fetch(List.of(new Change.Hint("product", RowKey.of(id), false)))
                .getFirst();

        assertThat(change).isInstanceOfSatisfying(Change.Upsert.class, row -> {
            assertThat(row.key()).isEqualTo(RowKey.of(id));
            assertThat(row.object().text()).contains("\"gold\"");
        });
    }
}

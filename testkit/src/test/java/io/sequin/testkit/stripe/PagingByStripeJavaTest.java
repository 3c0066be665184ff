package io.sequin.testkit.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.stripe.exception.InvalidRequestException;
import com.stripe.exception.StripeException;
import com.stripe.model.Charge;
import com.stripe.model.Customer;
import com.stripe.model.HasId;
import com.stripe.model.Product;
import com.stripe.model.StripeCollection;
import com.stripe.model.StripeObject;
import com.stripe.param.ChargeListParams;
import com.stripe.param.CustomerListParams;
import com.stripe.param.ProductListParams;
import com.stripe.service.V1Services;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PagingByStripeJavaTest {
    private static FakeStripe stripe;
    private static V1Services client;

    @BeforeAll
    static void start() {
        stripe = FakeStripe.start();
        stripe.data().seed(7, 2_345, 311, 2_612);
        client = StripeJava.of(stripe);
    }

    @AfterAll
    static void stop() {
        stripe.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {100, 37, 99})
    void everyCustomerComesExactlyOnceWithItsContent(long limit) throws StripeException {
        List<Customer> seen = StripeJava.all(client.customers()
                .list(CustomerListParams.builder().setLimit(limit).build())
                .autoPagingIterable());

        assertSame(seen, stripe.data().truth(StripeObjectType.CUSTOMER));
    }

    @ParameterizedTest
    @ValueSource(longs = {100, 1, 7})
    void everyProductComesExactlyOnceWithItsContent(long limit) throws StripeException {
        List<Product> seen = StripeJava.all(client.products()
                .list(ProductListParams.builder().setLimit(limit).build())
                .autoPagingIterable());

        assertSame(seen, stripe.data().truth(StripeObjectType.PRODUCT));
    }

    @ParameterizedTest
    @ValueSource(longs = {100, 73})
    void everyChargeComesExactlyOnceWithItsContent(long limit) throws StripeException {
        List<Charge> seen = StripeJava.all(client.charges()
                .list(ChargeListParams.builder().setLimit(limit).build())
                .autoPagingIterable());

        assertSame(seen, stripe.data().truth(StripeObjectType.CHARGE));
    }

    @Test
    void theListIsNewestFirstAndHasTiesWithinASecond() throws StripeException {
        List<Customer> seen = StripeJava.all(client.customers()
                .list(CustomerListParams.builder().setLimit(100L).build())
                .autoPagingIterable());

        List<Long> created = seen.stream().map(Customer::getCreated).toList();
        assertThat(created).isSortedAccordingTo((a, b) -> Long.compare(b, a));
        Map<Long, Integer> perSecond = new HashMap<>();
        created.forEach(second -> perSecond.merge(second, 1, Integer::sum));
        assertThat(perSecond.values()).as("a tie over more than one page").anyMatch(n -> n > 100);
        assertThat(perSecond.size()).isGreaterThan(500);
    }

    @Test
    void theDefaultPageHasTenObjects() throws StripeException {
        StripeCollection<Customer> page = client.customers().list();

        assertThat(page.getData()).hasSize(10);
        assertThat(page.getHasMore()).isTrue();
        assertThat(page.getUrl()).isEqualTo("/v1/customers");
    }

    @Test
    void endingBeforeReadsTowardsTheNewest() throws StripeException {
        List<String> newest = ids(client.customers()
                .list(CustomerListParams.builder().setLimit(30L).build())
                .getData());

        StripeCollection<Customer> page = client.customers()
                .list(CustomerListParams.builder()
                        .setLimit(10L)
                        .setEndingBefore(newest.get(20))
                        .build());
        StripeCollection<Customer> first = client.customers()
                .list(CustomerListParams.builder()
                        .setLimit(10L)
                        .setEndingBefore(newest.get(5))
                        .build());

        assertThat(ids(page.getData())).isEqualTo(newest.subList(10, 20));
        assertThat(page.getHasMore()).isTrue();
        assertThat(ids(first.getData())).isEqualTo(newest.subList(0, 5));
        assertThat(first.getHasMore()).isFalse();
    }

    @Test
    void createdSelectsInclusiveAndExclusiveSeconds() throws StripeException {
        List<Long> all = stripe.data().truth(StripeObjectType.CHARGE).values().stream()
                .map(o -> o.get("created").longValue())
                .toList();
        long from = all.get(700);
        long to = all.get(1_900);

        assertThat(charges(range().setGte(from).setLte(to).build()))
                .hasSize((int) all.stream().filter(c -> c >= from && c <= to).count());
        assertThat(charges(range().setGt(from).setLt(to).build()))
                .hasSize((int) all.stream().filter(c -> c > from && c < to).count());
        assertThat(charges(range().setGt(to + 1_000_000_000).build())).isEmpty();
    }

    @Test
    void aCursorThatNamesNothingIsRefusedByItsParameter() {
        CustomerListParams params =
                CustomerListParams.builder().setStartingAfter("cus_nothing").build();

        assertThatThrownBy(() -> client.customers().list(params))
                .isInstanceOfSatisfying(InvalidRequestException.class, e -> {
                    assertThat(e.getStatusCode()).isEqualTo(400);
                    assertThat(e.getCode()).isEqualTo("resource_missing");
                    assertThat(e.getParam()).isEqualTo("starting_after");
                    assertThat(e.getMessage()).startsWith("No such customer: 'cus_nothing'");
                });
    }

    @Test
    void pagingGoesOnWhileNewObjectsArrive() throws StripeException {
        try (FakeStripe own = FakeStripe.start()) {
            own.data().seed(1, 350, 0, 0);
            List<String> before =
                    List.copyOf(own.data().truth(StripeObjectType.CUSTOMER).keySet());
            List<String> seen = new ArrayList<>();
            for (Customer customer : StripeJava.of(own)
                    .customers()
                    .list(CustomerListParams.builder().setLimit(100L).build())
                    .autoPagingIterable()) {
                seen.add(customer.getId());
                own.data().create(StripeObjectType.CUSTOMER);
            }

            assertThat(seen).isEqualTo(before.reversed());
        }
    }

    private static ChargeListParams.Created.Builder range() {
        return ChargeListParams.Created.builder();
    }

    private static List<Charge> charges(ChargeListParams.Created created) throws StripeException {
        return StripeJava.all(client.charges()
                .list(ChargeListParams.builder()
                        .setLimit(100L)
                        .setCreated(created)
                        .build())
                .autoPagingIterable());
    }

    private static <T extends HasId> List<String> ids(List<T> objects) {
        return objects.stream().map(HasId::getId).toList();
    }

    private static <T extends StripeObject & HasId> void assertSame(List<T> seen, Map<String, JsonNode> truth) {
        assertThat(ids(seen)).doesNotHaveDuplicates();
        assertThat(ids(seen))
                .containsExactlyElementsOf(List.copyOf(truth.keySet()).reversed());
        seen.forEach(object -> StripeJava.assertHolds(object, truth.get(object.getId())));
    }
}

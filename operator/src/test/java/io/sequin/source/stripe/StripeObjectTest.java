package io.sequin.source.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Cutting objects out of an answer. */
class StripeObjectTest {
    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void eachObjectIsCutOutByteForByte() throws IOException {
        String first =
                "{ \"id\" : \"cus_1\",\"object\":\"customer\",\"created\":5,\"name\":\"Zoë 💶 \\u00e9 \\\"}{\\\"\","
                        + "\"nested\":{\"id\":\"no\",\"list\":[1,{\"deleted\":true}]}}";
        String second = "{\"created\":4,\"id\":\"cus_2\",\"object\":\"customer\",\"balance\":9007199254740993}";
        String body =
                "{\"has_more\":true,\n \"data\": [ " + first + " ,\t" + second + "\n ], \"url\":\"/v1/customers\"}";

        StripeList<StripeObject> list = StripeList.objects(utf8(body), StripeObject.Wanted.USUAL);

        assertThat(list.hasMore()).isTrue();
        assertThat(list.data()).extracting(o -> o.json().text()).containsExactly(first, second);
        assertThat(list.data()).extracting(StripeObject::id).containsExactly("cus_1", "cus_2");
        assertThat(list.data()).extracting(StripeObject::created).containsExactly(5L, 4L);
        assertThat(list.data()).noneMatch(StripeObject::deleted);
        assertThat(new ObjectMapper().readTree(first).path("name").asText()).contains("💶");
    }

    @Test
    void aDeletedObjectSaysSo() {
        StripeObject gone = StripeObject.parse(utf8("{\"id\":\"cus_1\",\"object\":\"customer\",\"deleted\":true}"));

        assertThat(gone.deleted()).isTrue();
        assertThat(gone.is(StripeTables.get("customer"))).isTrue();
        assertThat(gone.is(StripeTables.get("charge"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "<html>",
                "{\"data\":[],\"has_more\":false",
                "{\"data\":[{\"id\":\"secret-of-a-customer",
                "{\"data\":[],\"has_more\":false} x",
                "{\"data\":[]}",
                "{\"has_more\":false}",
                "{\"data\":[],\"has_more\":true}",
                "{\"data\":[1],\"has_more\":false}",
                "{\"data\":{},\"has_more\":false}",
                "{\"data\":[],\"has_more\":\"no\"}",
                "{\"data\":[{\"object\":\"customer\"}],\"has_more\":false}",
                "{\"data\":[{\"id\":7,\"object\":\"customer\"}],\"has_more\":false}",
            })
    void anythingElseThanAListIsRefusedWithoutQuotingIt(String body) {
        assertThatThrownBy(() -> StripeList.objects(utf8(body), StripeObject.Wanted.USUAL))
                .isInstanceOf(UnexpectedJsonException.class)
                .hasNoCause()
                .hasMessageNotContaining("secret");
    }

    /** It is set aside alone by who writes it; here it must keep no other. */
    @ParameterizedTest
    @MethodSource("immoderate")
    void anObjectOfAnySizeAndDepthIsCutOut(String value) {
        String object = "{\"id\":\"cus_1\",\"object\":\"customer\",\"created\":5,\"x\":" + value + "}";
        byte[] body = utf8("{\"data\":[" + object + "],\"has_more\":false}");

        StripeObject found =
                StripeList.objects(body, StripeObject.Wanted.USUAL).data().getFirst();

        assertThat(found.json().text()).isEqualTo(object);
        assertThat(found.created()).isEqualTo(5);
    }

    static Stream<String> immoderate() {
        return Stream.of(
                "9".repeat(200_000),
                "1." + "0".repeat(200_000),
                "[".repeat(10_000) + "]".repeat(10_000),
                "{\"" + "n".repeat(100_000) + "\":1}",
                "\"" + "s".repeat(21_000_000) + "\"");
    }

    @Test
    void anEventWithAnObjectOfAnySizeAndDepthIsRead() {
        String event = "{\"id\":\"evt_1\",\"type\":\"customer.updated\",\"created\":5,\"data\":{\"object\":{"
                + "\"id\":\"cus_1\",\"object\":\"customer\",\"x\":[" + "9".repeat(1_500) + ","
                + "[".repeat(1_500) + "]".repeat(1_500) + "]}}}";

        assertThat(StripeList.events(utf8("{\"data\":[" + event + "],\"has_more\":false}"))
                        .data())
                .extracting(StripeEvent::id)
                .containsExactly("evt_1");
    }

    @Test
    void aTimeThatIsNoneIsNone() {
        StripeObject found = StripeObject.parse(
                utf8("{\"id\":\"cus_1\",\"object\":\"customer\",\"created\":" + "9".repeat(1_500) + "}"));

        assertThat(found.created()).isZero();
    }

    @Test
    void whatIsNestedWithoutEndIsRefused() {
        String body = "{\"id\":" + "[".repeat(200_000);

        assertThatThrownBy(() -> StripeObject.parse(utf8(body)))
                .isInstanceOf(UnexpectedJsonException.class)
                .hasMessageContaining("levels");
    }
}

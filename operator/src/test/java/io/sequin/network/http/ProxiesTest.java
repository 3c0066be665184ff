package io.sequin.network.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProxiesTest {
    private static final URI STRIPE = URI.create("https://api.stripe.com/v1/charges");

    private static String proxy(Map<String, String> environment, URI url) {
        return Proxies.of(environment).of(url).map(p -> p.address().toString()).orElse("direct");
    }

    @Test
    void withoutVariablesEveryHostIsAskedDirectly() {
        assertThat(proxy(Map.of(), STRIPE)).isEqualTo("direct");
        assertThat(proxy(Map.of("HTTPS_PROXY", ""), STRIPE)).isEqualTo("direct");
    }

    @Test
    void httpsAndHttpHaveAVariableEach() {
        Map<String, String> both = Map.of("HTTPS_PROXY", "http://secure:1", "HTTP_PROXY", "http://plain:2");
        assertThat(proxy(both, STRIPE)).isEqualTo("secure:1");
        assertThat(proxy(both, URI.create("http://api.example.com"))).isEqualTo("plain:2");
        assertThat(proxy(Map.of("HTTP_PROXY", "http://plain:2"), STRIPE)).isEqualTo("direct");
    }

    @Test
    void smallLettersWin() {
        assertThat(proxy(Map.of("HTTPS_PROXY", "http://capitals:1", "https_proxy", "http://small:2"), STRIPE))
                .isEqualTo("small:2");
        assertThat(proxy(Map.of("HTTPS_PROXY", "http://capitals:1", "https_proxy", ""), STRIPE))
                .isEqualTo("direct");
        assertThat(proxy(Map.of("HTTPS_PROXY", "http://p:1", "NO_PROXY", "*", "no_proxy", "other.example.com"), STRIPE))
                .isEqualTo("p:1");
    }

    @ParameterizedTest
    @CsvSource({
        "http://proxy.example.com:3128, proxy.example.com:3128",
        "http://proxy.example.com, proxy.example.com:80",
        "proxy.example.com:3128, proxy.example.com:3128",
        "HTTP://proxy.example.com:3128/, proxy.example.com:3128",
        "http://[fd00::1]:3128, [fd00::1]:3128",
        "http://user:secret@proxy.example.com:3128, proxy.example.com:3128"
    })
    void aProxyIsWrittenAsAUrl(String text, String address) {
        assertThat(proxy(Map.of("HTTPS_PROXY", text), STRIPE)).isEqualTo(address);
    }

    @Test
    void userAndPasswordMayHoldAnyCharacterThatIsEncoded() {
        HttpProxy proxy = HttpProxy.parse("HTTPS_PROXY", "http://a%40b:p%3Ass%2f+%40@proxy:1");
        assertThat(proxy.user()).contains("a@b");
        assertThat(proxy.password().reveal()).isEqualTo("p:ss/+@");
        assertThat(proxy.toString()).doesNotContain("p:ss");
    }

    @ParameterizedTest
    @CsvSource({
        "https://user:hunter2@proxy:1, scheme http",
        "socks5://user:hunter2@proxy:1, scheme http",
        "http://user:hunter2@:1, give a URL",
        "http://user:hunter2@proxy:70000, give a URL",
        "http://user:hunter2#@proxy:1, give a URL",
        "http://user:hunt er2@proxy, not a URL"
    })
    void aProxyThatIsNoneIsRefusedAndNotRepeated(String text, String why) {
        assertThatThrownBy(() -> Proxies.of(Map.of("HTTPS_PROXY", text)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("HTTPS_PROXY")
                .hasMessageContaining(why)
                .hasMessageNotContaining("hunt")
                .hasNoCause();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "*                              | https://api.stripe.com      | true",
                "api.stripe.com                 | https://api.stripe.com      | true",
                "stripe.com                     | https://api.stripe.com      | true",
                ".stripe.com                    | https://api.stripe.com      | true",
                "*.stripe.com                   | https://api.stripe.com      | true",
                ".stripe.com                    | https://stripe.com          | true",
                "STRIPE.com                     | https://api.Stripe.COM      | true",
                "tripe.com                      | https://api.stripe.com      | false",
                "api.stripe.com.example.com     | https://api.stripe.com      | false",
                "other.com, stripe.com          | https://api.stripe.com      | true",
                "other.com stripe.com           | https://api.stripe.com      | true",
                "api.stripe.com:443             | https://api.stripe.com      | true",
                "api.stripe.com:80              | http://api.stripe.com       | true",
                "api.stripe.com:8443            | https://api.stripe.com      | false",
                "10.0.0.0/8                     | https://10.1.2.3            | true",
                "10.0.0.0/8                     | https://11.1.2.3            | false",
                "192.168.1.128/25               | https://192.168.1.127       | false",
                "10.1.2.3                       | https://10.1.2.3:8443       | true",
                "10.1.2.3:8443                  | https://10.1.2.3:8443       | true",
                "10.1.2.3:8443                  | https://10.1.2.3            | false",
                "fd00::/8                       | https://[fd00::1]           | true",
                "[fd00::1]:443                  | https://[fd00::1]           | true",
                "10.0.0.0/8                     | https://ten.example.com     | false",
                "nothing.example.com            | https://localhost:8080      | true",
                "nothing.example.com            | https://127.3.2.1           | true",
                "nothing.example.com            | http://[::1]:80             | true"
            })
    void hostsOfNoProxyAreAskedDirectly(String exceptions, String url, boolean direct) {
        Map<String, String> environment =
                Map.of("HTTPS_PROXY", "http://proxy:1", "HTTP_PROXY", "http://proxy:1", "NO_PROXY", exceptions);
        assertThat(proxy(environment, URI.create(url))).isEqualTo(direct ? "direct" : "proxy:1");
    }
}

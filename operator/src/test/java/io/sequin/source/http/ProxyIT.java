package io.sequin.source.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.sequin.network.http.HttpConnections;
import io.sequin.network.http.Proxies;
import io.sequin.testkit.postgres.CertificateAuthority;
import io.sequin.testkit.process.JavaProcess;
import io.sequin.testkit.proxy.HttpProxyServer;
import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A source of a private authority behind a proxy: real TLS, real CONNECT. */
class ProxyIT {
    private static final String HOST = "api.stripe.test";
    private static final String PASSWORD = "p@ss w0rd/canary";

    @TempDir
    private Path folder;

    private final CertificateAuthority authority = CertificateAuthority.create("private authority");
    private HttpsServer secure;
    private HttpServer plain;
    private Path trusted;

    @BeforeEach
    void listen() throws Exception {
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
        secure = HttpsServer.create(anyPort, 16);
        secure.setHttpsConfigurator(new HttpsConfigurator(context(authority.issueServer(List.of(HOST), List.of()))));
        plain = HttpServer.create(anyPort, 16);
        for (HttpServer server : List.of(secure, plain)) {
            server.createContext("/", exchange -> {
                try (exchange) {
                    byte[] body = exchange.getRequestHeaders().containsKey("Proxy-Authorization")
                            ? "the proxy's password came here".getBytes(StandardCharsets.UTF_8)
                            : "hello".getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(
                            exchange.getRequestURI().getPath().endsWith("401") ? 401 : 200, body.length);
                    exchange.getResponseBody().write(body);
                }
            });
            server.start();
        }
        trusted = Files.writeString(folder.resolve("ca.pem"), authority.pem());
    }

    @AfterEach
    void stop() {
        secure.stop(0);
        plain.stop(0);
    }

    @Test
    void aTunnelLeadsToASourceWhoseAuthorityIsInTheFile() throws Exception {
        try (HttpProxyServer proxy = HttpProxyServer.to(secure.getAddress())) {
            assertThat(get(Map.of("HTTPS_PROXY", "http://127.0.0.1:" + proxy.port()), Optional.of(trusted)))
                    .isEqualTo("200 hello");
            assertThat(proxy.asked()).containsExactly("CONNECT " + HOST + ":443 HTTP/1.1");
        }
    }

    @Test
    void theJvmsOwnAuthoritiesDoNotTrustIt() throws Exception {
        try (HttpProxyServer proxy = HttpProxyServer.to(secure.getAddress())) {
            assertThat(get(Map.of("HTTPS_PROXY", "http://127.0.0.1:" + proxy.port()), Optional.empty()))
                    .contains("TLS failed")
                    .contains("through the proxy 127.0.0.1:" + proxy.port());
        }
    }

    @Test
    void aCertificateForAnotherHostIsRefusedWithTheFileToo() throws Exception {
        try (HttpProxyServer proxy = HttpProxyServer.to(secure.getAddress())) {
            HttpConnections client = client(Map.of("HTTPS_PROXY", "127.0.0.1:" + proxy.port()), Optional.of(trusted));
            assertThat(ProxiedCalls.get(client, "https://files.stripe.test/")).contains("TLS failed");
        }
    }

    @Test
    void plainRequestsGoThroughTheOtherVariablesProxy() throws Exception {
        try (HttpProxyServer proxy = HttpProxyServer.to(plain.getAddress())) {
            HttpConnections client = client(Map.of("http_proxy", "127.0.0.1:" + proxy.port()), Optional.empty());
            assertThat(ProxiedCalls.get(client, "http://" + HOST + "/v1/x")).isEqualTo("200 hello");
            assertThat(proxy.asked()).containsExactly("GET http://" + HOST + "/v1/x HTTP/1.1");
            assertThat(ProxiedCalls.get(
                            client, "http://127.0.0.1:" + plain.getAddress().getPort() + "/"))
                    .isEqualTo("200 hello");
            assertThat(proxy.asked()).hasSize(1);
        }
    }

    @Test
    void aProxyThatIsNotThereIsNamed() throws Exception {
        int port;
        try (HttpProxyServer proxy = HttpProxyServer.to(secure.getAddress())) {
            port = proxy.port();
        }
        assertThat(get(Map.of("HTTPS_PROXY", "http://user:" + "secret@127.0.0.1:" + port), Optional.of(trusted)))
                .contains("SourceUnreachable", "through the proxy 127.0.0.1:" + port + ": the connection was refused")
                .doesNotContain("secret");
    }

    @Test
    void aProxyThatRefusesTheTunnelIsToldFromASourceThatDoes() throws Exception {
        try (HttpProxyServer proxy = HttpProxyServer.refusing(403)) {
            assertThat(get(Map.of("HTTPS_PROXY", "http://127.0.0.1:" + proxy.port()), Optional.of(trusted)))
                    .contains("SourceUnreachable", "the proxy does not let the call through");
        }
    }

    @Test
    void aProxyIsToldItsUserAndPasswordAndNobodyElseIs() throws Exception {
        try (HttpProxyServer proxy = HttpProxyServer.to(secure.getAddress(), "user", PASSWORD)) {
            String url = "http://user:p%40ss%20w0rd%2Fcanary@127.0.0.1:" + proxy.port();
            String output = run(url, "https://" + HOST + "/v1/a", "https://" + HOST + "/v1/401");
            assertThat(output).contains("RESULT 200 hello", "RESULT 401 hello").doesNotContain("canary");
        }
    }

    @Test
    void aWrongOrMissingPasswordIsTold() throws Exception {
        try (HttpProxyServer proxy = HttpProxyServer.to(secure.getAddress(), "user", PASSWORD)) {
            assertThat(run("http://user:wrong-canary@127.0.0.1:" + proxy.port(), "https://" + HOST + "/"))
                    .contains("SourceUnreachable", "the proxy wants a user and a password, or does not accept")
                    .doesNotContain("canary");
            // without it, and once with it: a proxy may lock out who insists
            assertThat(proxy.refused()).isEqualTo(2);
            assertThat(run("http://127.0.0.1:" + proxy.port(), "https://" + HOST + "/"))
                    .contains("the proxy wants a user and a password");
        }
    }

    private static HttpConnections client(Map<String, String> environment, Optional<Path> authorities) {
        return HttpConnections.of(Proxies.of(environment), authorities);
    }

    private static String get(Map<String, String> environment, Optional<Path> authorities) {
        return ProxiedCalls.get(client(environment, authorities), "https://" + HOST + "/v1/x");
    }

    private String run(String proxy, String... urls) throws Exception {
        JavaProcess.Command command = JavaProcess.Command.ofOwnClass(ProxiedCalls.class)
                .withJvmOptions("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx64m")
                .withArguments(Stream.concat(Stream.of(trusted.toString()), Stream.of(urls))
                        .toArray(String[]::new))
                .withEnvironment("HTTPS_PROXY", proxy);
        try (JavaProcess process = JavaProcess.start(command, folder.resolve("calls-" + System.nanoTime() + ".log"))) {
            assertThat(process.waitFor(Duration.ofMinutes(2))).isPresent();
            return Files.readString(process.output());
        }
    }

    private static SSLContext context(CertificateAuthority.Issued issued) throws Exception {
        Certificate certificate = CertificateFactory.getInstance("X.509")
                .generateCertificate(
                        new ByteArrayInputStream(issued.certificatePem().getBytes(StandardCharsets.US_ASCII)));
        byte[] key = Base64.getMimeDecoder().decode(issued.keyPem().replaceAll("-----[A-Z ]+-----", ""));
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry(
                "server",
                KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(key)),
                new char[0],
                new Certificate[] {certificate});
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }
}

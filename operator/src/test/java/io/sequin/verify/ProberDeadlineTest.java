package io.sequin.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.data.CredentialRef;
import io.sequin.data.HostPort;
import io.sequin.data.PostgresSettings;
import io.sequin.data.Problem;
import io.sequin.data.TlsMode;
import io.sequin.data.TlsSettings;
import io.sequin.network.DirectDialer;
import io.sequin.postgres.Connector;
import io.sequin.postgres.PostgresProblem;
import io.sequin.postgres.SecretsInMemory;
import io.sequin.postgres.ServerInspection;
import io.sequin.postgres.Timeouts;
import io.sequin.testkit.postgres.CertificateAuthority;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A verification ends, whatever is at the other side. */
class ProberDeadlineTest {
    private static final Duration TWO = Duration.ofSeconds(2);

    private final SecretsInMemory secrets = new SecretsInMemory();
    private final DirectDialer dialer = new DirectDialer();
    private final ServerSocket listener;

    ProberDeadlineTest() throws IOException {
        listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    @BeforeEach
    void putSecrets() {
        secrets.put("ca.crt", CertificateAuthority.create("any").pem());
        secrets.put("username", "sequin");
        secrets.put("password", "secret");
    }

    @AfterEach
    void close() throws IOException {
        listener.close();
        dialer.close();
    }

    @ParameterizedTest
    @EnumSource(TlsMode.class)
    void aServerThatNeverAnswersEndsByTheSocketsTimeout(TlsMode tls) throws Exception {
        Problem problem = problem(tls, new Timeouts(TWO, TWO, TWO), Duration.ofSeconds(60));
        assertThat(problem.code()).isEqualTo(PostgresProblem.CONNECTION_TIMEOUT);
        assertThat(problem.message()).contains("did not answer in time");
    }

    @Test
    void aServerThatDripsItsAnswerEndsByTheDeadline() throws Exception {
        Thread drip = Thread.ofVirtual().start(this::drip);
        Problem problem = problem(TlsMode.DISABLE, new Timeouts(TWO, TWO, TWO), Duration.ofSeconds(5));
        assertThat(problem.code()).isEqualTo(PostgresProblem.CONNECTION_TIMEOUT);
        assertThat(problem.message()).contains("given up");
        drip.interrupt();
        drip.join();
    }

    @Test
    void somethingElseThanPostgresIsALostConnection() throws Exception {
        Thread.ofVirtual().start(() -> {
            try (Socket socket = listener.accept()) {
                socket.getInputStream().read();
                socket.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        Problem problem = problem(TlsMode.DISABLE, new Timeouts(TWO, TWO, TWO), Duration.ofSeconds(60));
        assertThat(problem.code()).isEqualTo(PostgresProblem.CONNECTION_LOST);
    }

    @Test
    void anInterruptEndsAVerificationAtOnce() throws Exception {
        CompletableFuture<String> outcome = new CompletableFuture<>();
        Thread loop = Thread.ofVirtual().start(() -> {
            try {
                prober(Timeouts.PROBE, Duration.ofSeconds(60)).observe(settings(TlsMode.DISABLE));
                outcome.complete("ended by itself");
            } catch (InterruptedException e) {
                outcome.complete("interrupted");
            }
        });
        try (Socket accepted = listener.accept()) {
            assertThat(accepted.isConnected()).isTrue();
            long start = System.nanoTime();
            loop.interrupt();
            assertThat(outcome.get(10, TimeUnit.SECONDS)).isEqualTo("interrupted");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
            // the probe's own thread hangs up too, long before its time-out
            accepted.setSoTimeout(5000);
            assertThat(accepted.getInputStream().readAllBytes()).isNotEmpty();
        }
    }

    private void drip() {
        try (Socket socket = listener.accept()) {
            OutputStream out = socket.getOutputStream();
            out.write(new byte[] {'E', 0, 0, 0x70, 0});
            while (!Thread.currentThread().isInterrupted()) {
                out.write('x');
                out.flush();
                TimeUnit.MILLISECONDS.sleep(200);
            }
        } catch (IOException e) {
            // the client has hung up, as it should
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Problem problem(TlsMode tls, Timeouts timeouts, Duration deadline) throws InterruptedException {
        return Verdict.failure(Verdict.of(prober(timeouts, deadline).observe(settings(tls))))
                .orElseThrow();
    }

    private Prober prober(Timeouts timeouts, Duration deadline) {
        Connector connector = new Connector(dialer, secrets, InstantSource.system());
        return new Prober(new ServerInspection(connector, timeouts), 1, deadline);
    }

    private PostgresSettings settings(TlsMode tls) {
        CredentialRef username = SecretsInMemory.ref("username");
        return new PostgresSettings(
                new HostPort("127.0.0.1", listener.getLocalPort()),
                "app",
                username,
                SecretsInMemory.ref("password"),
                new TlsSettings(
                        tls, tls == TlsMode.VERIFY_CA ? Optional.of(SecretsInMemory.ref("ca.crt")) : Optional.empty()),
                1);
    }
}

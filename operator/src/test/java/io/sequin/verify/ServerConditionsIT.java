package io.sequin.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.OnPostgres;
import io.sequin.data.HostPort;
import io.sequin.data.PostgresSettings;
import io.sequin.data.Problem;
import io.sequin.data.TlsMode;
import io.sequin.postgres.PostgresProblem;
import io.sequin.postgres.TestLogin;
import io.sequin.testkit.postgres.CertificateAuthority.Issued;
import io.sequin.testkit.postgres.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;

/** What only a server of one's own can show: certificates, pg_hba.conf, ssl off. */
class ServerConditionsIT {
    private static final Map<Integer, PostgresServer> OWN = new ConcurrentHashMap<>();

    private @Nullable OwnServer current;

    @AfterEach
    void close() throws SQLException, IOException {
        restore();
        own().close();
    }

    @AfterAll
    static void stop() {
        OWN.values().forEach(PostgresServer::close);
    }

    @OnPostgres({10, 18})
    void aServerWithoutTls(int major) throws Exception {
        on(major);
        configure("alter system set ssl = off");
        Problem problem = failure(tls("localhost"));
        assertThat(problem.code()).isEqualTo(PostgresProblem.TLS_NOT_SUPPORTED);
        assertThat(problem.message()).contains("spec.postgres.tls.mode");
    }

    @OnPostgres({10, 18})
    void aServerThatRequiresTls(int major) throws Exception {
        on(major);
        rules("hostssl all all 127.0.0.1/32 " + own().method());
        Problem problem = failure(login().settings());
        assertThat(problem.code()).isEqualTo(PostgresProblem.TLS_REQUIRED);
        assertThat(problem.message()).contains("verify-full").contains("pg_hba.conf");
        assertThat(verify(tls("localhost")).result(Stage.CONNECTED)).isInstanceOf(StageResult.Passed.class);
    }

    @OnPostgres({10, 18})
    void aServerThatDoesNotLetTheUserIn(int major) throws Exception {
        on(major);
        rules("host all " + login().user + " 127.0.0.1/32 reject", "host all all 127.0.0.1/32 " + own().method());
        Problem problem = failure(tls("localhost"));
        assertThat(problem.code()).isEqualTo(PostgresProblem.NOT_ALLOWED_BY_HBA);
        assertThat(problem.message()).contains(login().user);
    }

    @OnPostgres({10, 18})
    void aCertificateForOtherNames(int major) throws Exception {
        on(major);
        install(login().server
                .authority()
                .issueServer(List.of("db.example.com", "*.db.example.com"), List.of("10.0.0.1")));
        for (String host : List.of("localhost", "127.0.0.1")) {
            Problem problem = failure(tls(host));
            assertThat(problem.code()).isEqualTo(PostgresProblem.CERTIFICATE_HOST_MISMATCH);
            assertThat(problem.message()).contains(host);
        }
    }

    @OnPostgres({10, 18})
    void aCertificateForTheAddressOnly(int major) throws Exception {
        on(major);
        install(login().server.authority().issueServer(List.of(), List.of("127.0.0.1")));
        assertThat(verify(tls("127.0.0.1")).result(Stage.CONNECTED)).isInstanceOf(StageResult.Passed.class);
        assertThat(failure(tls("localhost")).code()).isEqualTo(PostgresProblem.CERTIFICATE_HOST_MISMATCH);
    }

    @OnPostgres({10, 18})
    void anExpiredCertificate(int major) throws Exception {
        on(major);
        Instant yesterday = Instant.now().minus(Duration.ofDays(1));
        install(login().server.authority().issueServer(List.of("localhost"), List.of(), yesterday));
        assertThat(failure(tls("localhost")).code()).isEqualTo(PostgresProblem.CERTIFICATE_EXPIRED);
    }

    private void on(int major) {
        current = new OwnServer(OWN.computeIfAbsent(major, PostgresServer::start));
    }

    private OwnServer own() {
        return Objects.requireNonNull(current, "on(major) comes first");
    }

    private TestLogin login() {
        return own().login;
    }

    private void restore() throws SQLException, IOException {
        install(login().server.authority().issueServer(List.of("localhost"), List.of("127.0.0.1")));
        rules("host all all 127.0.0.1/32 " + own().method());
        configure("alter system reset ssl");
    }

    private void install(Issued certificate) throws SQLException, IOException {
        Files.writeString(own().data().resolve("server.crt"), certificate.certificatePem());
        Files.writeString(own().data().resolve("server.key"), certificate.keyPem());
        configure("select 1");
    }

    private void rules(String... lines) throws SQLException, IOException {
        String superuser = "host all postgres 127.0.0.1/32 " + own().method();
        Files.writeString(own().data().resolve("pg_hba.conf"), superuser + "\n" + String.join("\n", lines) + "\n");
        configure("select 1");
    }

    private void configure(String sql) throws SQLException {
        own().configure(sql);
    }

    private PostgresSettings tls(String host) {
        return login().settings(new HostPort(host, login().server.port()), TlsMode.VERIFY_FULL);
    }

    private DestinationSnapshot verify(PostgresSettings settings) throws InterruptedException {
        return own().verify(settings);
    }

    private Problem failure(PostgresSettings settings) throws InterruptedException {
        return own().failure(settings);
    }
}

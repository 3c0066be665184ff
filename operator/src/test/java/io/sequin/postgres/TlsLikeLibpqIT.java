package io.sequin.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.data.CredentialRef;
import io.sequin.data.HostPort;
import io.sequin.data.PostgresSettings;
import io.sequin.data.TlsMode;
import io.sequin.data.TlsSettings;
import io.sequin.postgres.Libpq.Answer;
import io.sequin.testkit.postgres.CertificateAuthority;
import io.sequin.testkit.postgres.CertificateAuthority.Issued;
import io.sequin.testkit.postgres.PostgresServer;
import io.sequin.testkit.postgres.Reload;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Each TLS mode, with an authority and without, against each way to set a server up: we connect where libpq does, and by
 * TLS where libpq does. Libpq is asked itself, the server is asked what it sees.
 */
class TlsLikeLibpqIT {
    private static final String PASSWORD = "secret";
    private static final Map<Integer, TestLogin> LOGINS = new ConcurrentHashMap<>();
    private static final CertificateAuthority OTHER = CertificateAuthority.create("another authority");

    @TempDir
    private static Path folder;

    @AfterAll
    static void stop() {
        LOGINS.values().forEach(login -> {
            login.close();
            login.server.close();
        });
    }

    /** A set-up: whether TLS is on, which certificate is shown, whom pg_hba.conf lets in, and the name we connect to. */
    private enum Setup {
        NO_TLS("off", Shown.RIGHT, "host", "localhost"),
        RIGHT_CERTIFICATE("on", Shown.RIGHT, "host", "localhost"),
        WRONG_NAME("on", Shown.WRONG_NAME, "host", "localhost"),
        ANOTHER_AUTHORITY("on", Shown.ANOTHER_AUTHORITY, "host", "localhost"),
        EXPIRED("on", Shown.EXPIRED, "host", "localhost"),
        TLS_ONLY("on", Shown.RIGHT, "hostssl", "localhost"),
        TLS_ONLY_AND_EXPIRED("on", Shown.EXPIRED, "hostssl", "localhost"),
        PLAIN_ONLY("on", Shown.RIGHT, "hostnossl", "localhost"),
        PLAIN_ONLY_AND_ANOTHER_AUTHORITY("on", Shown.ANOTHER_AUTHORITY, "hostnossl", "localhost"),
        BY_ADDRESS("on", Shown.RIGHT, "host", "127.0.0.1"),
        BY_ADDRESS_THAT_IS_NOT_IN_THE_CERTIFICATE("on", Shown.NAME_ONLY, "host", "127.0.0.1");

        private final String ssl;
        private final Shown shown;
        private final String rule;
        private final String host;

        Setup(String ssl, Shown shown, String rule, String host) {
            this.ssl = ssl;
            this.shown = shown;
            this.rule = rule;
            this.host = host;
        }
    }

    private enum Shown {
        RIGHT,
        NAME_ONLY,
        WRONG_NAME,
        ANOTHER_AUTHORITY,
        EXPIRED
    }

    @ParameterizedTest
    @CsvSource({
        "18, NO_TLS",
        "18, RIGHT_CERTIFICATE",
        "18, WRONG_NAME",
        "18, ANOTHER_AUTHORITY",
        "18, EXPIRED",
        "18, TLS_ONLY",
        "18, TLS_ONLY_AND_EXPIRED",
        "18, PLAIN_ONLY",
        "18, PLAIN_ONLY_AND_ANOTHER_AUTHORITY",
        "18, BY_ADDRESS",
        "18, BY_ADDRESS_THAT_IS_NOT_IN_THE_CERTIFICATE",
        "10, NO_TLS",
        "10, WRONG_NAME",
        "10, ANOTHER_AUTHORITY",
        "10, TLS_ONLY",
        "10, PLAIN_ONLY"
    })
    void everyModeGivesLibpqsAnswer(int major, Setup setup) throws Exception {
        TestLogin login = LOGINS.computeIfAbsent(major, m -> new TestLogin(PostgresServer.start(m), PASSWORD));
        apply(login, setup);
        Path ca = Files.writeString(
                folder.resolve("ca-" + major), login.server.authority().pem());
        login.secrets.put("ca.crt", login.server.authority().pem());

        Map<String, Answer> libpq = new TreeMap<>();
        Map<String, Answer> ours = new TreeMap<>();
        for (TlsMode mode : TlsMode.values()) {
            for (boolean authority : new boolean[] {false, true}) {
                String combination = mode.libpqName() + (authority ? " with CA" : " without CA");
                libpq.put(
                        combination,
                        Libpq.connect(
                                mode,
                                setup.host,
                                login.server.port(),
                                login,
                                PASSWORD,
                                authority ? ca : folder.resolve("none")));
                ours.put(combination, connect(mode, setup.host, login, authority));
            }
        }
        assertThat(ours).isEqualTo(libpq);
    }

    private static Answer connect(TlsMode mode, String host, TestLogin login, boolean authority) throws Exception {
        if (mode == TlsMode.VERIFY_CA && !authority) {
            // the CRD refuses it, and so does the record
            return Answer.REFUSED;
        }
        Optional<CredentialRef> ca =
                authority && mode != TlsMode.DISABLE ? Optional.of(SecretsInMemory.ref("ca.crt")) : Optional.empty();
        PostgresSettings settings = new PostgresSettings(
                new HostPort(host, login.server.port()),
                login.database,
                SecretsInMemory.ref("username"),
                SecretsInMemory.ref("password"),
                new TlsSettings(mode, ca),
                2);
        Connector.Opened opened;
        try {
            opened = login.connector.open(settings, login.connector.login(settings), "it", Timeouts.PROBE);
        } catch (PostgresException e) {
            return Answer.REFUSED;
        }
        try (Connection connection = opened.connection();
                Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery("select ssl, version from pg_stat_ssl where pid = pg_backend_pid()")) {
            row.next();
            boolean tls = row.getBoolean("ssl");
            Link link = opened.link();
            assertThat(link.tls()).isEqualTo(tls ? row.getString("version") : "off");
            assertThat(link.authenticated()).isEqualTo(tls && (authority || mode == TlsMode.VERIFY_FULL));
            return tls ? Answer.TLS : Answer.PLAIN;
        }
    }

    private static void apply(TestLogin login, Setup setup) throws Exception {
        Issued certificate = issue(login.server.authority(), setup.shown);
        String method = login.server.major() < 14 ? "md5" : "scram-sha-256";
        try (Connection connection = login.server.superuser("postgres");
                Statement statement = connection.createStatement()) {
            ResultSet row = statement.executeQuery("show data_directory");
            row.next();
            Path data = Path.of(row.getString(1));
            Files.writeString(data.resolve("server.crt"), certificate.certificatePem());
            Files.writeString(data.resolve("server.key"), certificate.keyPem());
            Files.writeString(
                    data.resolve("pg_hba.conf"),
                    "host all postgres 127.0.0.1/32 " + method + "\n" + setup.rule + " all all 127.0.0.1/32 " + method
                            + "\n");
            statement.execute("alter system set ssl = " + setup.ssl);
        }
        Reload.of(login.server);
    }

    private static Issued issue(CertificateAuthority ours, Shown shown) {
        return switch (shown) {
            case RIGHT -> ours.issueServer(List.of("localhost"), List.of("127.0.0.1"));
            case NAME_ONLY -> ours.issueServer(List.of("localhost"), List.of());
            case WRONG_NAME -> ours.issueServer(List.of("db.example.com"), List.of("10.0.0.1"));
            case ANOTHER_AUTHORITY -> OTHER.issueServer(List.of("localhost"), List.of("127.0.0.1"));
            case EXPIRED ->
                ours.issueServer(
                        List.of("localhost"),
                        List.of("127.0.0.1"),
                        Instant.now().minus(Duration.ofDays(1)));
        };
    }
}

package io.sequin.postgres;

import io.sequin.credentials.CredentialProblem;
import io.sequin.credentials.CredentialSource;
import io.sequin.credentials.SecretValue;
import io.sequin.data.PostgresSettings;
import io.sequin.data.Problem;
import io.sequin.data.ProblemException;
import io.sequin.data.TlsMode;
import io.sequin.network.Dialer;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGProperty;
import org.postgresql.jdbc.PgConnection;
import org.postgresql.util.HostSpec;

/** Opens single connections: the one place where the driver is called. Shared by all pools and verifications. */
public final class Connector {
    /** Only shown by the driver's metadata. */
    private static final String DRIVER_URL = "jdbc:postgresql:";

    private final Dialer dialer;
    private final CredentialSource credentials;
    private final LoginLimit limit;

    /**
     * @param clock what the login limit counts by
     */
    public Connector(Dialer dialer, CredentialSource credentials, InstantSource clock) {
        this.dialer = dialer;
        this.credentials = credentials;
        this.limit = new LoginLimit(clock);
    }

    /** An open connection, and the TLS version of its socket, {@code off} without TLS. */
    record Opened(Connection connection, String tls) {}

    /**
     * Reads what a connection needs.
     *
     * @throws PostgresException with a {@link CredentialProblem} or {@code CA_INVALID}
     */
    Login login(PostgresSettings settings) {
        try {
            Optional<SecretValue> ca = settings.tls().mode() == TlsMode.VERIFY_FULL
                    ? settings.tls().ca().map(credentials::read)
                    : Optional.empty();
            SecretValue username = credentials.read(settings.username());
            if (!Identifier.isValid(username.reveal())) {
                throw new ProblemException(Problem.of(
                        CredentialProblem.SECRET_KEY_MISSING,
                        settings.username()
                                + ", does not hold the name of a Postgres user: 1 to 63 bytes without NUL"));
            }
            Login login = new Login(username, credentials.read(settings.password()), ca);
            trust(settings, login);
            return login;
        } catch (ProblemException e) {
            throw new PostgresException(e.problem(), null, e);
        }
    }

    /**
     * Opens a connection on the calling thread. Bounded by the time-outs, except that a server may feed it slowly.
     *
     * @throws PostgresException classified
     * @throws DatabaseInterruptedException when the thread was interrupted
     */
    Opened open(PostgresSettings settings, Login login, String application, Timeouts timeouts) {
        Target target = Target.of(settings, login);
        if (!Identifier.isValid(settings.database())) {
            throw new PostgresException(
                    Problem.of(
                            PostgresProblem.DATABASE_NOT_FOUND,
                            "spec.postgres.database is not a name that Postgres can have: 1 to 63 bytes without NUL"),
                    null,
                    null);
        }
        @Nullable VerifiedTls tls = trust(settings, login);
        refuseAboveLimit(settings, login, target);
        Route route = new Route(dialer, settings.address(), timeouts.connect(), tls);
        try (Routes.Entry entry = Routes.enter(route)) {
            // past Driver.connect: no URL to build or to parse, no pg_service.conf, no .pgpass
            Connection connection = new PgConnection(
                    new HostSpec[] {
                        new HostSpec(
                                driverHost(settings.address().host()),
                                settings.address().port())
                    },
                    properties(settings, login, application, timeouts, entry.id()),
                    DRIVER_URL);
            limit.accepted(settings.address(), login);
            return new Opened(connection, route.tlsVersion());
        } catch (SQLException e) {
            PostgresException failure = ConnectFailures.translate(e, target, route.progress());
            if (failure.problem().code() == PostgresProblem.AUTHENTICATION_FAILED) {
                limit.refused(settings.address(), login);
            }
            throw failure;
        }
    }

    private void refuseAboveLimit(PostgresSettings settings, Login login, Target target) {
        Optional<Instant> notBefore = limit.notBefore(settings.address(), login);
        if (notBefore.isPresent()) {
            Problem refused = ConnectFailures.authenticationFailed(target).retryingAt(notBefore.get());
            throw new PostgresException(refused, SqlStates.INVALID_PASSWORD, null);
        }
    }

    private static @Nullable VerifiedTls trust(PostgresSettings settings, Login login) {
        if (settings.tls().mode() == TlsMode.DISABLE) {
            return null;
        }
        try {
            return login.ca().isEmpty()
                    ? VerifiedTls.trustingTheJvm()
                    : VerifiedTls.trusting(login.ca().get().reveal().getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException | IOException e) {
            String where = settings.tls().ca().map(Object::toString).orElse("the JVM's trust store");
            throw new PostgresException(
                    Problem.of(
                            PostgresProblem.CA_INVALID,
                            where + ", holds no usable certificates. It must be one or more certificates in PEM form"
                                    + " (-----BEGIN CERTIFICATE-----) and nothing else."),
                    null,
                    e);
        }
    }

    private static Properties properties(
            PostgresSettings settings, Login login, String application, Timeouts timeouts, String routeId) {
        Properties to = new Properties();
        PGProperty.PG_DBNAME.set(to, settings.database());
        PGProperty.USER.set(to, login.username().reveal());
        PGProperty.PASSWORD.set(to, login.password().reveal());
        PGProperty.APPLICATION_NAME.set(to, application);
        PGProperty.SOCKET_FACTORY.set(to, DialerSocketFactory.class.getName());
        PGProperty.SOCKET_FACTORY_ARG.set(to, routeId);
        PGProperty.SSL_MODE.set(to, settings.tls().mode().libpqName());
        if (settings.tls().mode() != TlsMode.DISABLE) {
            PGProperty.SSL_FACTORY.set(to, RouteTlsSocketFactory.class.getName());
            PGProperty.SSL_FACTORY_ARG.set(to, routeId);
        }
        PGProperty.SSL_RESPONSE_TIMEOUT.set(to, (int) timeouts.connect().toMillis());
        PGProperty.CHANNEL_BINDING.set(to, "prefer");
        PGProperty.GSS_ENC_MODE.set(to, "disable");
        PGProperty.CONNECT_TIMEOUT.set(to, (int) timeouts.connect().toSeconds());
        PGProperty.SOCKET_TIMEOUT.set(to, (int) timeouts.socket().toSeconds());
        PGProperty.CANCEL_SIGNAL_TIMEOUT.set(to, (int) timeouts.connect().toSeconds());
        PGProperty.TCP_KEEP_ALIVE.set(to, true);
        // named prepared statements don't survive PgBouncer's transaction mode
        PGProperty.PREPARE_THRESHOLD.set(to, 0);
        // the detail holds values of rows
        PGProperty.LOG_SERVER_ERROR_DETAIL.set(to, false);
        return to;
    }

    /** The name that the driver checks the certificate with once more; the dialer alone decides where to connect. */
    private static String driverHost(String host) {
        try {
            // the form in which Java prints the addresses of a certificate
            return InetAddress.ofLiteral(host).getHostAddress();
        } catch (IllegalArgumentException e) {
            return host;
        }
    }
}

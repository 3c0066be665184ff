package io.sequin.postgres;

import io.sequin.data.PostgresSettings;
import io.sequin.network.Dialer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGProperty;
import org.postgresql.jdbc.PgConnection;
import org.postgresql.util.HostSpec;

/**
 * Opens one connection over one transport: the one place where the driver is called.
 *
 * @param tls null where the mode never uses TLS
 */
record Attempt(
        Dialer dialer,
        PostgresSettings settings,
        Login login,
        @Nullable ClientTls tls,
        String application,
        Timeouts timeouts) {
    /** Only shown by the driver's metadata. */
    private static final String DRIVER_URL = "jdbc:postgresql:";

    /** Why it failed, and what that means for another attempt. */
    static final class Failed extends Exception {
        private static final long serialVersionUID = 1L;

        private final Transport.Failure kind;
        private final PostgresException failure;

        Failed(Transport.Failure kind, PostgresException failure) {
            super(failure);
            this.kind = kind;
            this.failure = failure;
        }

        Transport.Failure kind() {
            return kind;
        }

        PostgresException failure() {
            return failure;
        }
    }

    /**
     * Connects and logs in.
     *
     * @throws DatabaseInterruptedException when the thread was interrupted
     */
    Connector.Opened over(Transport transport) throws Failed {
        Target target = Target.of(settings, login, transport);
        Route route = new Route(dialer, settings.address(), timeouts.connect(), tls);
        try (Routes.Entry entry = Routes.enter(route)) {
            // past Driver.connect: no URL to build or to parse, no pg_service.conf, no .pgpass
            Connection connection = new PgConnection(
                    new HostSpec[] {
                        new HostSpec(
                                settings.address().host(), settings.address().port())
                    },
                    properties(transport, entry.id()),
                    DRIVER_URL);
            return new Connector.Opened(connection, route.link());
        } catch (SQLException e) {
            Route.Progress progress = route.progress();
            throw new Failed(ConnectFailures.kind(e, target, progress), ConnectFailures.translate(e, target, progress));
        }
    }

    private Properties properties(Transport transport, String routeId) {
        Properties to = new Properties();
        PGProperty.PG_DBNAME.set(to, settings.database());
        PGProperty.USER.set(to, login.username().reveal());
        PGProperty.PASSWORD.set(to, login.password().reveal());
        PGProperty.APPLICATION_NAME.set(to, application);
        PGProperty.SOCKET_FACTORY.set(to, DialerSocketFactory.class.getName());
        PGProperty.SOCKET_FACTORY_ARG.set(to, routeId);
        // the driver's own fallbacks differ from libpq's, and its checks from ours: it is told what this attempt is
        PGProperty.SSL_MODE.set(to, transport == Transport.PLAIN ? "disable" : "require");
        if (transport == Transport.TLS) {
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
}

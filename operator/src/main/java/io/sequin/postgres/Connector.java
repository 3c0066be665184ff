package io.sequin.postgres;

import io.sequin.credentials.CredentialProblem;
import io.sequin.credentials.CredentialSource;
import io.sequin.credentials.SecretValue;
import io.sequin.data.HostPort;
import io.sequin.data.PostgresSettings;
import io.sequin.data.Problem;
import io.sequin.data.ProblemException;
import io.sequin.data.TlsMode;
import io.sequin.network.Dialer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.sql.Connection;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Opens single connections, plain or by TLS, in the order in which libpq tries them. Shared by all pools and
 * verifications.
 */
public final class Connector {
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

    /** An open connection. */
    record Opened(Connection connection, Link link) {}

    /**
     * Reads what a connection needs.
     *
     * @throws PostgresException with a {@link CredentialProblem} or {@code CA_INVALID}
     */
    Login login(PostgresSettings settings) {
        try {
            Optional<SecretValue> ca = settings.tls().ca().map(credentials::read);
            SecretValue username = credentials.read(settings.username());
            if (!Identifier.isValid(username.reveal())) {
                throw new ProblemException(Problem.of(
                        CredentialProblem.SECRET_KEY_MISSING,
                        settings.username()
                                + ", does not hold the name of a Postgres user: 1 to 63 bytes without NUL"));
            }
            Login login = new Login(username, credentials.read(settings.password()), ca);
            tls(settings, login);
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
        if (!Identifier.isValid(settings.database())) {
            throw new PostgresException(
                    Problem.of(
                            PostgresProblem.DATABASE_NOT_FOUND,
                            "spec.postgres.database is not a name that Postgres can have: 1 to 63 bytes without NUL"),
                    null,
                    null);
        }
        Attempt attempt = new Attempt(dialer, settings, login, tls(settings, login), application, timeouts);
        TlsMode mode = settings.tls().mode();
        Transport first = Transport.first(mode);
        try {
            return limited(attempt, first);
        } catch (Attempt.Failed e) {
            if (!Transport.triesTheOther(mode, e.kind())) {
                throw e.failure();
            }
            return second(attempt, first.other(), e);
        }
    }

    private Opened second(Attempt attempt, Transport transport, Attempt.Failed before) {
        try {
            return limited(attempt, transport);
        } catch (Attempt.Failed e) {
            throw transport == Transport.TLS ? worse(e, before) : worse(before, e);
        }
    }

    /** What is wrong with TLS matters more, unless the server has none. */
    private static PostgresException worse(Attempt.Failed overTls, Attempt.Failed plain) {
        Problem tls = overTls.failure().problem();
        Problem other = plain.failure().problem();
        if (overTls.kind() == Transport.Failure.TLS_NOT_OFFERED) {
            return plain.failure();
        }
        if (tls.code() == other.code()) {
            return overTls.failure();
        }
        Problem both = new Problem(
                tls.code(), tls.message() + " Tried without TLS, too: " + other.message(), tls.cure(), tls.retryAt());
        return new PostgresException(both, overTls.failure().sqlState().orElse(null), overTls.failure());
    }

    /** Each attempt counts, since the server counts each. */
    private Opened limited(Attempt attempt, Transport transport) throws Attempt.Failed {
        HostPort server = attempt.settings().address();
        Login login = attempt.login();
        Optional<Instant> notBefore = limit.notBefore(server, login);
        if (notBefore.isPresent()) {
            throw new Attempt.Failed(
                    Transport.Failure.OTHER,
                    aboveLimit(Target.of(attempt.settings(), login, transport), notBefore.get()));
        }
        try {
            Opened opened = attempt.over(transport);
            limit.accepted(server, login);
            return opened;
        } catch (Attempt.Failed e) {
            if (e.failure().problem().code() == PostgresProblem.AUTHENTICATION_FAILED) {
                limit.refused(server, login);
            }
            throw e;
        }
    }

    private static PostgresException aboveLimit(Target target, Instant notBefore) {
        Problem refused = ServerRefusals.authenticationFailed(target);
        String when = " The next one is tried at "
                + notBefore.truncatedTo(ChronoUnit.SECONDS).plusSeconds(1) + ".";
        return new PostgresException(
                new Problem(refused.code(), refused.message() + when, refused.cure(), Optional.of(notBefore)),
                SqlState.INVALID_PASSWORD,
                null);
    }

    private static @Nullable ClientTls tls(PostgresSettings settings, Login login) {
        if (settings.tls().mode() == TlsMode.DISABLE) {
            return null;
        }
        try {
            return ClientTls.of(
                    settings.tls().mode(),
                    login.ca()
                            .map(pem -> pem.reveal().getBytes(StandardCharsets.UTF_8))
                            .orElse(null));
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
}

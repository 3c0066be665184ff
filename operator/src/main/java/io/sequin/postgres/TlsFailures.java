package io.sequin.postgres;

import io.sequin.data.Problem;
import io.sequin.postgres.Route.Progress;
import java.net.SocketTimeoutException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.sql.SQLException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Why TLS did not come about. */
final class TlsFailures {
    private TlsFailures() {}

    /** What it means for an attempt without TLS. A server that is too slow is not asked again. */
    static Transport.Failure kind(SQLException e, Progress progress) {
        if (notOffered(e, progress)) {
            return Transport.Failure.TLS_NOT_OFFERED;
        }
        return progress == Progress.TLS_STARTED && SqlStates.findCause(e, SocketTimeoutException.class) == null
                ? Transport.Failure.TLS_BROKEN
                : Transport.Failure.OTHER;
    }

    /** The driver's own state for the server's answer {@code N}. */
    private static boolean notOffered(SQLException e, Progress progress) {
        return progress == Progress.DIALED && SqlState.REJECTED_ESTABLISHMENT.equals(e.getSQLState());
    }

    /** The problem; null where it is not one of TLS. */
    static @Nullable Problem problem(SQLException e, Target target, Progress progress) {
        if (notOffered(e, progress)) {
            return Problem.of(
                    PostgresProblem.TLS_NOT_SUPPORTED,
                    target.address() + " does not offer TLS. Switch it on there (ssl = on), or set"
                            + " spec.postgres.tls.mode to disable if the network may be trusted.");
        }
        if (progress != Progress.TLS_STARTED) {
            return null;
        }
        Problem certificate = certificateFailure(e, target);
        if (certificate != null) {
            return certificate;
        }
        SSLException broken = SqlStates.findCause(e, SSLException.class);
        return broken == null || SqlStates.findCause(e, SocketTimeoutException.class) != null
                ? null
                : Problem.of(
                        PostgresProblem.TLS_FAILED,
                        "The TLS handshake with " + target.address() + " failed: the server speaks no TLS 1.2 or 1.3"
                                + " with a cipher known here, or ended the connection.");
    }

    private static @Nullable Problem certificateFailure(SQLException e, Target target) {
        if (SqlStates.findCause(e, HostMismatchException.class) != null) {
            return Problem.of(
                    PostgresProblem.CERTIFICATE_HOST_MISMATCH,
                    "The certificate of " + target.address() + " is trusted but was not issued for "
                            + target.address().host() + ". Use a host name that it contains, or a certificate for this"
                            + " one (subject alternative name).");
        }
        if (SqlStates.findCause(e, CertificateExpiredException.class) != null
                || SqlStates.findCause(e, CertificateNotYetValidException.class) != null) {
            return Problem.of(
                    PostgresProblem.CERTIFICATE_EXPIRED,
                    "The certificate of " + target.address() + " has expired or is not valid yet. Renew it, or check"
                            + " the clocks.");
        }
        if (SqlStates.findCause(e, CertPathBuilderException.class) != null
                || SqlStates.findCause(e, CertPathValidatorException.class) != null
                || SqlStates.findCause(e, CertificateException.class) != null) {
            return Problem.of(
                    PostgresProblem.CERTIFICATE_UNTRUSTED,
                    "The certificate of " + target.address() + " was issued by an authority that isn't trusted. Put"
                            + " the authority's certificate (PEM) into a Secret or ConfigMap, and name that in"
                            + " spec.postgres.tls.caFrom.");
        }
        return null;
    }
}

package io.sequin.postgres;

import java.security.cert.CertificateException;

/** The server's certificate is trusted but was issued for other names. */
final class HostMismatchException extends CertificateException {
    private static final long serialVersionUID = 1L;

    HostMismatchException(String host) {
        super("the certificate is not valid for " + host);
    }
}

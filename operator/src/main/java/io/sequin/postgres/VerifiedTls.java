package io.sequin.postgres;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * TLS as libpq's {@code verify-full}: the chain must lead to a trusted authority and the certificate must be for the
 * host; TLS 1.2 at least. Built in memory, no file is written.
 */
final class VerifiedTls {
    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

    private final X509ExtendedTrustManager authorities;

    private VerifiedTls(X509ExtendedTrustManager authorities) {
        this.authorities = authorities;
    }

    /** Trusts the authorities of the JVM. */
    static VerifiedTls trustingTheJvm() throws GeneralSecurityException {
        return new VerifiedTls(authorities(null));
    }

    /**
     * Trusts the authorities of a PEM bundle and no other.
     *
     * @throws CertificateException where it holds no certificate, or something that isn't one
     */
    static VerifiedTls trusting(byte[] pem) throws GeneralSecurityException, IOException {
        Collection<? extends Certificate> certificates =
                CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem));
        if (certificates.isEmpty()) {
            throw new CertificateException("no certificate");
        }
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        int at = 0;
        for (Certificate certificate : certificates) {
            store.setCertificateEntry("ca-" + at++, certificate);
        }
        return new VerifiedTls(authorities(store));
    }

    private static X509ExtendedTrustManager authorities(@Nullable KeyStore store) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509ExtendedTrustManager found) {
                return found;
            }
        }
        throw new GeneralSecurityException("this JVM has no X.509 trust manager");
    }

    /** TLS over a connected socket; the handshake is the caller's. */
    SSLSocket over(Socket socket, String host, int port, boolean autoClose) throws IOException {
        try {
            // a context for each socket, since the check needs the name that the user wrote
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new NamedPeer(authorities, host)}, null);
            SSLSocket secured = (SSLSocket) context.getSocketFactory().createSocket(socket, host, port, autoClose);
            secured.setEnabledProtocols(PROTOCOLS);
            return secured;
        } catch (GeneralSecurityException e) {
            throw new IOException("this JVM can't set up TLS", e);
        }
    }
}

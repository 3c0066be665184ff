package io.sequin.postgres;

import io.sequin.data.TlsMode;
import io.sequin.network.Authorities;
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
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of TLS, checking the server's certificate as libpq does in the mode: with given authorities always
 * the chain, the host in {@code verify-full} only. TLS 1.2 at least. Built in memory, no file is written.
 */
final class ClientTls {
    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

    private final X509ExtendedTrustManager peers;
    private final boolean forTheHostOnly;

    private ClientTls(X509ExtendedTrustManager peers, boolean forTheHostOnly) {
        this.peers = peers;
        this.forTheHostOnly = forTheHostOnly;
    }

    /**
     * TLS of a mode.
     *
     * @param ca PEM bundle of the trusted authorities; null: the JVM's for {@code verify-full}, else nothing is checked
     * @throws CertificateException where the bundle holds no certificate, or something that isn't one
     */
    static ClientTls of(TlsMode mode, byte @Nullable [] ca) throws GeneralSecurityException, IOException {
        boolean forTheHostOnly = mode == TlsMode.VERIFY_FULL;
        if (ca != null) {
            return new ClientTls(Authorities.trust(bundle(ca)), forTheHostOnly);
        }
        return forTheHostOnly ? new ClientTls(Authorities.trust(null), true) : new ClientTls(new AnyPeer(), false);
    }

    /** Whether the server's certificate is checked. */
    boolean authenticates() {
        return !(peers instanceof AnyPeer);
    }

    private static KeyStore bundle(byte[] pem) throws GeneralSecurityException, IOException {
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
        return store;
    }

    /** TLS over a connected socket; the handshake is the caller's. */
    SSLSocket over(Socket socket, String host, int port, boolean autoClose) throws IOException {
        try {
            // a context for each socket, since the check needs the name that the user wrote
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {forTheHostOnly ? new NamedPeer(peers, host) : peers}, null);
            SSLSocket secured = (SSLSocket) context.getSocketFactory().createSocket(socket, host, port, autoClose);
            secured.setEnabledProtocols(PROTOCOLS);
            return secured;
        } catch (GeneralSecurityException e) {
            throw new IOException("this JVM can't set up TLS", e);
        }
    }
}

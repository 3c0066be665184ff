package io.sequin.network.http;

import io.sequin.network.Authorities;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/** The JVM's authorities and those of a file. */
final class TrustedCertificates {
    private TrustedCertificates() {}

    /**
     * A context that trusts both.
     *
     * @param pem one or more certificates
     * @throws IllegalArgumentException names the file, where it can't be read or holds no certificate
     */
    static SSLContext beside(Path pem) {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int count = 0;
            for (X509Certificate known : Authorities.trust(null).getAcceptedIssuers()) {
                store.setCertificateEntry("jvm-" + count++, known);
            }
            for (Certificate added : read(pem)) {
                store.setCertificateEntry("file-" + count++, added);
            }
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {Authorities.trust(store)}, null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("this JVM can't hold certificates", e);
        }
    }

    private static Collection<? extends Certificate> read(Path pem) {
        try (InputStream bytes = Files.newInputStream(pem)) {
            Collection<? extends Certificate> all =
                    CertificateFactory.getInstance("X.509").generateCertificates(bytes);
            if (all.isEmpty()) {
                throw new IllegalArgumentException("file " + pem + " holds no certificate: PEM is expected");
            }
            return all;
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "file " + pem + " can't be read (" + e.getClass().getSimpleName() + ")", e);
        } catch (CertificateException e) {
            throw new IllegalArgumentException("file " + pem + " holds something else than certificates in PEM", e);
        }
    }
}

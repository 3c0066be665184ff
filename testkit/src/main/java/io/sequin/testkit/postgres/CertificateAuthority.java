package io.sequin.testkit.postgres;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A certificate authority made for one test run: P-256 keys, valid for 30 days. */
public final class CertificateAuthority {
    private static final Duration VALID = Duration.ofDays(30);

    private final KeyPair keys;
    private final X509Certificate certificate;

    /**
     * A certificate with its key, both PEM; the key is unencrypted PKCS#8.
     *
     * @param certificatePem the certificate alone, without its issuer
     * @param keyPem the private key
     */
    public record Issued(String certificatePem, String keyPem) {
        /** Hides the key. */
        @Override
        public String toString() {
            return "Issued[certificate and key]";
        }
    }

    private CertificateAuthority(KeyPair keys, X509Certificate certificate) {
        this.keys = keys;
        this.certificate = certificate;
    }

    /** A new authority; {@code name} becomes its common name. */
    public static CertificateAuthority create(String name) {
        KeyPair keys = newKeys();
        X500Principal subject = new X500Principal("CN=" + name);
        JcaX509v3CertificateBuilder builder =
                builder(subject, subject, keys.getPublic(), Instant.now().plus(VALID));
        try {
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
        } catch (CertIOException e) {
            throw new IllegalStateException("cannot describe the authority's certificate", e);
        }
        return new CertificateAuthority(keys, sign(builder, keys));
    }

    /** The authority's own certificate, PEM: what a client must trust. */
    public String pem() {
        return pem("CERTIFICATE", encoded(certificate));
    }

    /**
     * Issues a server certificate.
     *
     * @param dnsNames the host names it is valid for
     * @param ipAddresses the addresses it is valid for
     */
    public Issued issueServer(List<String> dnsNames, List<String> ipAddresses) {
        return issueServer(dnsNames, ipAddresses, Instant.now().plus(VALID));
    }

    /**
     * Issues a server certificate that ends when the test wants it to.
     *
     * @param notAfter the end of its validity; in the past for one that has expired
     */
    public Issued issueServer(List<String> dnsNames, List<String> ipAddresses, Instant notAfter) {
        GeneralName[] names = new GeneralName[dnsNames.size() + ipAddresses.size()];
        int at = 0;
        for (String name : dnsNames) {
            names[at++] = new GeneralName(GeneralName.dNSName, name);
        }
        for (String address : ipAddresses) {
            names[at++] = new GeneralName(GeneralName.iPAddress, address);
        }
        return issue("sequin test server", new GeneralNames(names), notAfter);
    }

    private Issued issue(String commonName, GeneralNames names, Instant notAfter) {
        KeyPair own = newKeys();
        JcaX509v3CertificateBuilder builder = builder(
                certificate.getSubjectX500Principal(),
                new X500Principal("CN=" + commonName),
                own.getPublic(),
                notAfter);
        try {
            builder.addExtension(Extension.subjectAlternativeName, false, names);
        } catch (CertIOException e) {
            throw new IllegalStateException("cannot name the certificate's hosts", e);
        }
        X509Certificate issued = sign(builder, keys);
        return new Issued(
                pem("CERTIFICATE", encoded(issued)),
                pem("PRIVATE KEY", own.getPrivate().getEncoded()));
    }

    private static KeyPair newKeys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK makes no P-256 keys", e);
        }
    }

    private static JcaX509v3CertificateBuilder builder(
            X500Principal issuer, X500Principal subject, PublicKey key, Instant notAfter) {
        return new JcaX509v3CertificateBuilder(
                issuer,
                new BigInteger(64, new SecureRandom()).add(BigInteger.ONE),
                Date.from(Instant.now().minus(VALID)),
                Date.from(notAfter),
                subject,
                key);
    }

    private static X509Certificate sign(JcaX509v3CertificateBuilder builder, KeyPair signer) {
        try {
            return new JcaX509CertificateConverter()
                    .getCertificate(
                            builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(signer.getPrivate())));
        } catch (OperatorCreationException | GeneralSecurityException e) {
            throw new IllegalStateException("cannot sign a certificate", e);
        }
    }

    private static byte[] encoded(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot encode a certificate", e);
        }
    }

    private static String pem(String type, byte[] der) {
        String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + type + "-----\n" + lines + "\n-----END " + type + "-----\n";
    }
}

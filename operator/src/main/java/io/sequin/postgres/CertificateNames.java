package io.sequin.postgres;

import java.net.IDN;
import java.net.InetAddress;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import org.jspecify.annotations.Nullable;
import org.postgresql.ssl.PGjdbcHostnameVerifier;

/**
 * Which hosts a certificate is for, by libpq's rules (libpq manual, "Client Verification of Server Certificates"): DNS
 * and IP subject alternative names; the common name only where there is no DNS name; a star stands for one whole label
 * at the left.
 */
final class CertificateNames {
    private static final int DNS = 2;
    private static final int IP = 7;

    private CertificateNames() {}

    static boolean isFor(X509Certificate certificate, String host) throws CertificateParsingException {
        String ascii;
        try {
            ascii = host.indexOf(':') >= 0 ? host : IDN.toASCII(host);
        } catch (IllegalArgumentException e) {
            return false;
        }
        @Nullable Collection<List<?>> names = certificate.getSubjectAlternativeNames();
        boolean anyDns = false;
        for (List<?> name : names == null ? List.<List<?>>of() : names) {
            if (name.get(0).equals(DNS)) {
                anyDns = true;
                if (matches(ascii, (String) name.get(1))) {
                    return true;
                }
            } else if (name.get(0).equals(IP) && sameAddress(ascii, (String) name.get(1))) {
                return true;
            }
        }
        return !anyDns && matches(ascii, commonName(certificate));
    }

    private static boolean matches(String host, @Nullable String pattern) {
        return PGjdbcHostnameVerifier.INSTANCE.verifyHostName(host, pattern);
    }

    private static boolean sameAddress(String host, String address) {
        try {
            return InetAddress.ofLiteral(host).equals(InetAddress.ofLiteral(address));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static @Nullable String commonName(X509Certificate certificate) {
        try {
            for (Rdn rdn : new LdapName(certificate.getSubjectX500Principal().getName())
                    .getRdns()
                    .reversed()) {
                if (rdn.getType().equalsIgnoreCase("CN")) {
                    return rdn.getValue().toString();
                }
            }
        } catch (InvalidNameException e) {
            return null;
        }
        return null;
    }
}

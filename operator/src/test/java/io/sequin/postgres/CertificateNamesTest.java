package io.sequin.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.testkit.postgres.CertificateAuthority;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CertificateNamesTest {
    private static final CertificateAuthority AUTHORITY = CertificateAuthority.create("names");

    @ParameterizedTest
    @CsvSource({
        "db.example.com, true",
        "DB.Example.COM, true",
        "a.pool.example.com, true",
        "pool.example.com, false",
        "a.b.pool.example.com, false",
        "example.com, false",
        "10.0.0.7, true",
        "10.0.0.8, false",
        "fd00::7, true",
        "fd00:0:0::7, true",
        "fd00::8, false",
        "sequin test server, false"
    })
    void namesAndAddressesMatchAsInLibpq(String host, boolean expected) throws Exception {
        X509Certificate certificate =
                certificate(List.of("db.example.com", "*.pool.example.com"), List.of("10.0.0.7", "fd00::7"));
        assertThat(CertificateNames.isFor(certificate, host)).isEqualTo(expected);
    }

    @Test
    void theCommonNameCountsOnlyWithoutDnsNames() throws Exception {
        assertThat(CertificateNames.isFor(certificate(List.of(), List.of("10.0.0.7")), "sequin test server"))
                .isTrue();
    }

    private static X509Certificate certificate(List<String> names, List<String> addresses) throws Exception {
        byte[] pem = AUTHORITY.issueServer(names, addresses).certificatePem().getBytes(StandardCharsets.US_ASCII);
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(pem));
    }
}

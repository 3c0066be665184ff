package io.sequin.data;

/**
 * How the connection to Postgres is secured: libpq's names and meaning (libpq manual, "SSL Mode Descriptions"). Where
 * authorities are given, every mode that comes to use TLS checks the certificate's chain, as libpq does.
 */
public enum TlsMode {
    /** No TLS. */
    DISABLE("disable"),
    /** Without TLS; with TLS where the server refuses that. */
    ALLOW("allow"),
    /** With TLS; without it where the server offers none, or TLS or the login over it fails. */
    PREFER("prefer"),
    /** With TLS. The certificate is checked only where authorities are given: then the same as {@link #VERIFY_CA}. */
    REQUIRE("require"),
    /** With TLS and a certificate from a given authority, for whatever host. */
    VERIFY_CA("verify-ca"),
    /** With TLS and a certificate from a trusted authority that is for this host. */
    VERIFY_FULL("verify-full");

    private final String libpqName;

    TlsMode(String libpqName) {
        this.libpqName = libpqName;
    }

    public String libpqName() {
        return libpqName;
    }
}

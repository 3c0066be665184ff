package io.sequin.data;

/** How the connection to Postgres is secured: libpq's names and meaning (libpq manual, "SSL Mode Descriptions"). */
public enum TlsMode {
    DISABLE("disable"),
    VERIFY_FULL("verify-full");

    private final String libpqName;

    TlsMode(String libpqName) {
        this.libpqName = libpqName;
    }

    public String libpqName() {
        return libpqName;
    }
}

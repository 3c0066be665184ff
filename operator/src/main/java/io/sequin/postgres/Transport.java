package io.sequin.postgres;

import io.sequin.data.TlsMode;

/** What a connection attempt runs over, and in which order libpq tries the two. Pure. */
enum Transport {
    PLAIN,
    TLS;

    /** Why an attempt failed, as far as it matters for the next one. */
    enum Failure {
        /** The server answers that it has no TLS. */
        TLS_NOT_OFFERED,
        /** The handshake failed: the certificate, no common version, or the server hung up in it. */
        TLS_BROKEN,
        /** The server refuses the login: SQLSTATE class 28. */
        LOGIN_REFUSED,
        OTHER
    }

    static Transport first(TlsMode mode) {
        return switch (mode) {
            case DISABLE, ALLOW -> PLAIN;
            case PREFER, REQUIRE, VERIFY_CA, VERIFY_FULL -> TLS;
        };
    }

    Transport other() {
        return this == PLAIN ? TLS : PLAIN;
    }

    /** Whether libpq, after its first attempt has failed so, makes a second one over the other transport. */
    static boolean triesTheOther(TlsMode mode, Failure first) {
        return switch (mode) {
            case ALLOW -> first == Failure.LOGIN_REFUSED;
            case PREFER -> first != Failure.OTHER;
            case DISABLE, REQUIRE, VERIFY_CA, VERIFY_FULL -> false;
        };
    }
}

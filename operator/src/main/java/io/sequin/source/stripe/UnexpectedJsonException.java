package io.sequin.source.stripe;

/** An answer that is not what Stripe documents; says where, never what the data was. */
final class UnexpectedJsonException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String what;

    UnexpectedJsonException(String what) {
        super(what);
        this.what = what;
    }

    /** What is wrong with it. */
    String what() {
        return what;
    }
}

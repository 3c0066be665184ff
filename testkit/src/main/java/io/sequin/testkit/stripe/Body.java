package io.sequin.testkit.stripe;

/** One JSON value as UTF-8, which nobody changes after it was made. */
final class Body {
    private final byte[] utf8;

    Body(byte[] utf8) {
        this.utf8 = utf8;
    }

    byte[] utf8() {
        return utf8;
    }

    int length() {
        return utf8.length;
    }
}

package io.sequin.credentials;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** A credential in memory. Prints as {@code ***}; only {@link #reveal()} gives it away, at the place of its use. */
public final class SecretValue {
    private final byte[] bytes;

    public SecretValue(byte[] bytes) {
        this.bytes = bytes.clone();
    }

    public static SecretValue of(String text) {
        return new SecretValue(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The text. Never pass it to a log, an exception or a status. */
    public String reveal() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SecretValue that && MessageDigest.isEqual(bytes, that.bytes);
    }

    /** Constant, so that a hash in a dump says nothing about the value. */
    @Override
    public int hashCode() {
        return 0;
    }

    @Override
    public String toString() {
        return "***";
    }
}

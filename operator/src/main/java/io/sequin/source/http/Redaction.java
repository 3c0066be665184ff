package io.sequin.source.http;

import io.sequin.credentials.SecretValue;
import java.util.regex.Pattern;

/** Makes a server's words fit for logs and status: no credential, not even a masked one, one line, bounded. */
public final class Redaction {
    private static final int MAX_LENGTH = 400;
    private static final String GONE = "…";

    /** Keys by their prefix ({@code sk_live_…}, {@code rk_test_…}), {@code Bearer …}, and anything masked by asterisks. */
    private static final Pattern KEY_LIKE = Pattern.compile(
            "(?i)\\b[a-z]{2,8}_(?:live|test)_[^\\s'\",;]*|\\bwhsec_[^\\s'\",;]*|\\bbearer\\s+\\S+|[^\\s'\"]*\\*{2,}[^\\s'\"]*");

    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cntrl}\\s]+");

    private Redaction() {}

    /**
     * The text without credentials.
     *
     * @param used the credential of the call, removed wherever it appears
     */
    public static String redact(String text, SecretValue used) {
        String secret = used.reveal();
        String clean = secret.isEmpty() ? text : text.replace(secret, GONE);
        clean = KEY_LIKE.matcher(clean).replaceAll(GONE);
        clean = UNPRINTABLE.matcher(clean).replaceAll(" ").strip();
        return clean.length() <= MAX_LENGTH ? clean : clean.substring(0, MAX_LENGTH) + GONE;
    }
}

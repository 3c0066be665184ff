package io.sequin.source.http;

import java.net.http.HttpHeaders;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.regex.Pattern;

/** What came back: read completely, whatever the status. */
public final class Answer {
    /** Digits of a wait that still is a plausible number of seconds. */
    private static final Pattern SECONDS = Pattern.compile("\\d{1,9}(\\.\\d{0,9})?");

    private static final Duration LONGEST_WAIT = Duration.ofHours(1);

    private final int status;
    private final HttpHeaders headers;
    private final byte[] body;

    /** An answer as it was read; the body is not copied. */
    public Answer(int status, HttpHeaders headers, byte[] body) {
        this.status = status;
        this.headers = headers;
        this.body = body;
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** The body; not copied, never modified. */
    public byte[] body() {
        return body;
    }

    /** The first header of that name. */
    public Optional<String> header(String name) {
        return headers.firstValue(name);
    }

    /** The server's clock (RFC 9110, section 6.6.1), to the second; empty where it is missing or unreadable. */
    public Optional<Instant> date() {
        return header("Date").flatMap(Answer::httpDate);
    }

    /**
     * When the server wants to be asked again (RFC 9110, section 10.2.3), on our clock; at most an hour from now, so that
     * a broken answer does not stop a source for good.
     *
     * @param now our clock; a date in the header is taken relative to the server's own clock
     */
    public Optional<Instant> retryAt(Instant now) {
        Instant latest = now.plus(LONGEST_WAIT);
        return asked(now).map(at -> at.isAfter(latest) ? latest : at);
    }

    private Optional<Instant> asked(Instant now) {
        return header("Retry-After").map(String::strip).flatMap(text -> {
            if (SECONDS.matcher(text).matches()) {
                return Optional.of(now.plusMillis((long) Math.ceil(Double.parseDouble(text) * 1000)));
            }
            return httpDate(text).map(at -> now.plus(Duration.between(date().orElse(now), at)));
        });
    }

    private static Optional<Instant> httpDate(String text) {
        try {
            return Optional.of(ZonedDateTime.parse(text.strip(), DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant());
        } catch (DateTimeException unreadable) {
            return Optional.empty();
        }
    }

    /** Without the body: it may hold personal data. */
    @Override
    public String toString() {
        return "Answer[" + status + ", " + body.length + " bytes]";
    }
}

package io.sequin.api.v1alpha1;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as users write them: Go's syntax, for example {@code 30s}, {@code 1m30s}, {@code 1.5h}. */
public final class GoDuration {
    private static final Pattern WHOLE = Pattern.compile(Api.DURATION);
    private static final Pattern PART = Pattern.compile("([0-9.]+)(ms|s|m|h)");

    private GoDuration() {}

    /**
     * Reads a duration.
     *
     * @throws IllegalArgumentException where the text isn't a duration that the CRD accepts
     */
    public static Duration parse(String text) {
        if (!WHOLE.matcher(text).matches()) {
            throw new IllegalArgumentException("not a duration such as 30s, 5m or 1h30m: " + text);
        }
        Duration sum = Duration.ZERO;
        Matcher part = PART.matcher(text);
        while (part.find()) {
            BigDecimal amount = new BigDecimal(part.group(1));
            long nanos =
                    amount.multiply(BigDecimal.valueOf(nanosOf(part.group(2)))).longValueExact();
            sum = sum.plusNanos(nanos);
        }
        return sum;
    }

    private static long nanosOf(String unit) {
        return switch (unit) {
            case "ms" -> 1_000_000L;
            case "s" -> 1_000_000_000L;
            case "m" -> 60_000_000_000L;
            default -> 3_600_000_000_000L;
        };
    }
}

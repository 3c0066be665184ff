package io.sequin.app.config;

import java.util.Arrays;
import java.util.Locale;

/** What is logged, and how it looks. */
public record LogConfig(Format format, Level level) {
    /** How a line looks. */
    public enum Format {
        TEXT,
        JSON
    }

    /** From when on a line is written. */
    public enum Level {
        ERROR,
        WARN,
        INFO,
        DEBUG,
        TRACE
    }

    static LogConfig of(String format, String level) {
        return new LogConfig(pick("--log-format", format, Format.values()), pick("--log-level", level, Level.values()));
    }

    private static <T extends Enum<T>> T pick(String flag, String text, T[] values) {
        return Arrays.stream(values)
                .filter(v -> v.name().equalsIgnoreCase(text))
                .findFirst()
                .orElseThrow(() -> new ConfigException(flag + ": '" + text + "' is not one of "
                        + Arrays.toString(values).toLowerCase(Locale.ROOT)));
    }
}

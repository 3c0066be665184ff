package io.sequin.testkit.demo;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the parsed YAML of {@code config/samples}. */
final class Samples {
    private Samples() {}

    @SuppressWarnings("unchecked")
    static Map<String, Object> map(@Nullable Object value) {
        if (value instanceof Map<?, ?>) {
            return (Map<String, Object>) value;
        }
        throw new IllegalStateException("a mapping was expected in a sample, not " + value);
    }
}

package io.sequin.app.config;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Amounts of memory as Kubernetes writes them: {@code 48Mi}, {@code 1Gi}, or a plain number of bytes. */
final class Bytes {
    private static final Pattern AMOUNT = Pattern.compile("([0-9]{1,12})(Ki|Mi|Gi|)");
    private static final Map<String, Integer> SHIFT = Map.of("", 0, "Ki", 10, "Mi", 20, "Gi", 30);

    private Bytes() {}

    static long parse(String flag, String text) {
        Matcher amount = AMOUNT.matcher(text.trim());
        if (!amount.matches()) {
            throw new ConfigException(flag + ": '" + text + "' is not an amount such as 48Mi (Ki, Mi, Gi or none)");
        }
        return Long.parseLong(amount.group(1)) << SHIFT.getOrDefault(amount.group(2), 0);
    }
}

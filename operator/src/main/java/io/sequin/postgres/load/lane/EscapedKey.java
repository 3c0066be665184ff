package io.sequin.postgres.load.lane;

import io.sequin.data.RowKey;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How a key is written down that this database can't store: in ASCII, as an array of two dimensions, which no other key is.
 * A row with it can't be written, but as long as its object is there the table must not look complete. Pure.
 */
final class EscapedKey {
    /** An index takes 2,704 bytes; no source that we know has ids of such a length. */
    private static final int LONGEST = 2_000;

    private static final Pattern ESCAPE = Pattern.compile("\\\\u([0-9a-f]{4})");

    private EscapedKey() {}

    /** As Postgres reads an array; empty where it is too long to be written down. */
    static Optional<String> literal(RowKey key) {
        String parts = key.parts().stream()
                .map(part -> '"' + escaped(part).replace("\\", "\\\\").replace("\"", "\\\"") + '"')
                .collect(Collectors.joining(",", "{{", "}}"));
        return Optional.of(parts).filter(text -> text.length() <= LONGEST);
    }

    private static String escaped(String part) {
        return part.chars()
                .mapToObj(c -> c < ' ' || c > '~' || c == '\\' ? "\\u%04x".formatted(c) : Character.toString(c))
                .collect(Collectors.joining());
    }

    /** The key that was written down so. */
    static RowKey read(String[][] array) {
        return new RowKey(
                Stream.of(array).flatMap(Stream::of).map(EscapedKey::unescaped).toList());
    }

    private static String unescaped(String part) {
        return ESCAPE.matcher(part)
                .replaceAll(escape ->
                        Matcher.quoteReplacement(Character.toString((char) Integer.parseInt(escape.group(1), 16))));
    }
}

package io.sequin.postgres.load.lane;

import io.sequin.data.RowKey;
import io.sequin.postgres.load.row.KeyLength;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How a key is written down that no row of this database can have: in ASCII, as an array of two dimensions, which no other
 * key is; a long one by its beginning and a digest, as an array of three. A row with it can't be written, but as long as
 * its object is there the table must not look complete. Pure.
 */
final class EscapedKey {
    /** Enough to know it by. */
    private static final int BEGINNING = 200;

    /** So many characters a literal has at most for one of the key. */
    private static final int MOST_OF_CHAR = "\\\\uffff".length();

    /** The same for the quotes and the comma of a part, and for all braces. */
    private static final int MOST_AROUND = 4;

    private static final Pattern ESCAPE = Pattern.compile("\\\\u([0-9a-f]{4})");

    private EscapedKey() {}

    /** As Postgres reads an array. */
    static String literal(RowKey key) {
        String all = literal(key.parts().stream().map(EscapedKey::escaped), "{{", "}}");
        return all.length() <= KeyLength.MOST ? all : digest(key);
    }

    /** The literal of a key that is written down as a digest, else empty: so it is of all but very long ones. */
    static Optional<String> digestOf(RowKey key) {
        int most = MOST_AROUND;
        for (String part : key.parts()) {
            most += part.length() * MOST_OF_CHAR + MOST_AROUND;
        }
        return most <= KeyLength.MOST
                ? Optional.empty()
                : Optional.of(literal(key)).filter(EscapedKey::isDigest);
    }

    private static String digest(RowKey key) {
        String parts =
                String.join(",", key.parts().stream().map(EscapedKey::escaped).toList());
        UUID digest = UUID.nameUUIDFromBytes(parts.getBytes(StandardCharsets.US_ASCII));
        return literal(Stream.of(parts.substring(0, BEGINNING), digest.toString()), "{{{", "}}}");
    }

    private static String literal(Stream<String> texts, String open, String close) {
        return texts.map(text -> '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"')
                .collect(Collectors.joining(",", open, close));
    }

    /** Whether the key can't be known any more from what is written down. */
    static boolean isDigest(String literal) {
        return literal.startsWith("{{{");
    }

    /** What is known of the key that was written down so, for people. */
    static String beginning(String[][][] digest) {
        return digest[0][0][0];
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

package io.sequin.postgres.load.lane;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.data.RowKey;
import io.sequin.postgres.load.row.KeyLength;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EscapedKeyTest {
    @ParameterizedTest
    @ValueSource(strings = {"夏SALE", "a\u0001b", "😀", "back\\slash and \\u0041", "a \"quote\", {braces}"})
    void isAsciiAndIsReadAsItWas(String part) {
        RowKey key = new RowKey(List.of(part, "b"));
        String literal = EscapedKey.literal(key);
        assertThat(literal).matches("[ -~]+").startsWith("{{\"").endsWith(",\"b\"}}");
        String first = literal.substring(3, literal.length() - ",\"b\"}}".length() - 1);
        // what Postgres makes of it
        String stored = first.replace("\\\"", "\"").replace("\\\\", "\\");
        assertThat(EscapedKey.read(new String[][] {{stored, "b"}})).isEqualTo(key);
    }

    @ParameterizedTest
    @ValueSource(strings = {"夏", "x", "\\", "\""})
    void aLongOneIsKnownByItsBeginningAndADigest(String character) {
        RowKey key = RowKey.of(character.repeat(3_000));
        String literal = EscapedKey.literal(key);
        assertThat(literal).matches("[ -~]+").startsWith("{{{\"").hasSizeLessThan(KeyLength.MOST);
        assertThat(EscapedKey.isDigest(literal)).isTrue();
        assertThat(EscapedKey.digestOf(key)).contains(literal);
        assertThat(EscapedKey.literal(key)).isEqualTo(literal);
        assertThat(EscapedKey.literal(RowKey.of(character.repeat(3_001)))).isNotEqualTo(literal);
    }

    /** A character more would be one. */
    @ParameterizedTest
    @ValueSource(strings = {"夏", "x", "\\", "\"", "\u0001"})
    void theLongestThatIsReadAgainIsNoDigest(String character) {
        int most = 1;
        while (!EscapedKey.isDigest(EscapedKey.literal(RowKey.of(character.repeat(most + 1))))) {
            most++;
        }
        assertThat(EscapedKey.digestOf(RowKey.of(character.repeat(most)))).isEmpty();
        assertThat(EscapedKey.digestOf(RowKey.of(character.repeat(most + 1)))).isPresent();
    }
}

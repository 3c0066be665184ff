package io.sequin.postgres.load.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.data.Json;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HostileTextTest {
    private static boolean jdkAccepts(byte[] bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    @Test
    void utf8IsWhatTheJdksStrictDecoderTakes() {
        int[] interesting = {
            0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xec, 0xed, 0xee, 0xef,
            0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xff
        };
        Random random = new Random(7);
        for (int i = 0; i < 200_000; i++) {
            byte[] bytes = new byte[1 + random.nextInt(5)];
            for (int k = 0; k < bytes.length; k++) {
                bytes[k] = (byte) interesting[random.nextInt(interesting.length)];
            }
            assertThat(HostileText.next(bytes, 0, bytes.length) == bytes.length)
                    .as("%s", ByteBuffer.wrap(bytes))
                    .isEqualTo(jdkAccepts(bytes));
        }
    }

    @Test
    void everyCharacterPassesEscapedAndNot() {
        for (int c = 1; c <= Character.MAX_CODE_POINT; c++) {
            if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
                continue;
            }
            String text = Character.toString(c);
            StringBuilder escaped = new StringBuilder();
            text.chars().forEach(unit -> escaped.append("\\u%04x".formatted(unit)));
            if (c != '\\') {
                assertThat(passes(text)).isTrue();
            }
            if (c % 17 == 0) {
                assertThat(passes(escaped.toString())).isTrue();
            }
        }
    }

    @Test
    void whatIsHostileIsFoundAtEachPlaceOfALongText() {
        for (String hostile : new String[] {"\\u0000", "\\udc00", "\u00ff"}) {
            for (int at = 0; at < 40; at++) {
                byte[] json = ("x".repeat(at) + hostile + "y".repeat(40)).getBytes(StandardCharsets.ISO_8859_1);
                assertThat(HostileText.next(json, 0, json.length))
                        .as("%s at %d", hostile, at)
                        .isEqualTo(at);
            }
        }
    }

    @Test
    void aLongTextOfAsciiPasses() {
        for (int c = 0; c < 0x80; c++) {
            if (c != '\\') {
                assertThat(passes(Character.toString(c).repeat(50))).as("%d", c).isTrue();
            }
        }
    }

    @Test
    void halvesOfPairsAreFoundAnywhere() {
        assertThat(passes("\\ud83d")).isFalse();
        assertThat(passes("\\ud83dx\\ude00")).isFalse();
        assertThat(passes("\\ude00\\ud83d")).isFalse();
        assertThat(passes("\\ud83d\\u0041")).isFalse();
        assertThat(passes("\\UD83D\\\\ud83d")).isTrue();
        assertThat(passes("\\uD83D\\uDE00")).isTrue();
    }

    @Test
    void whatIsRepairedPassesAndTheRestStays() {
        Random random = new Random(11);
        String[] pieces = {"a", "\\u0000", "\\ud83d", "\\ude00", "\\\\", "\\u0041", "ä", "😀", "\\n"};
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder("<");
            for (int k = random.nextInt(6); k > 0; k--) {
                text.append(pieces[random.nextInt(pieces.length)]);
            }
            Json hostile = Json.of(text.toString());
            Json repaired = HostileText.repaired(hostile);
            assertThat(passes(repaired.text())).as("%s", text).isTrue();
            assertThat(repaired.length()).as("%s", text).isEqualTo(hostile.length());
            if (passes(text.toString())) {
                assertThat(repaired).isSameAs(hostile);
            }
        }
    }

    @Test
    void eachByteThatIsNotUtf8BecomesOneReplacement() {
        byte[] bytes = {'x', 'a', (byte) 0xed, (byte) 0xa0, (byte) 0x80, 'b', (byte) 0xff, 'y'};
        assertThat(HostileText.repaired(new Json(bytes, 1, 6)).text()).isEqualTo("a\ufffd\ufffd\ufffdb\ufffd");
    }

    private static boolean passes(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return HostileText.next(bytes, 0, bytes.length) == bytes.length;
    }
}

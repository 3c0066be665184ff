package io.sequin.postgres.load.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.Seeds;
import java.util.Random;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;

/** Beside a look at one byte after the other. */
class ByteScanTest {
    private static final byte[] ALPHABET = {
        'a', '"', '\\', '!', '#', '[', ']', 0, 1, 127, -128, -1, (byte) 0xa2, (byte) 0xdc
    };

    private static byte[] random(Random random) {
        byte[] bytes = new byte[random.nextInt(40)];
        for (int i = 0; i < bytes.length; i++) {
            // runs of ordinary bytes, else each word has something
            bytes[i] = ALPHABET[random.nextInt(8) == 0 ? random.nextInt(ALPHABET.length) : 0];
        }
        return bytes;
    }

    private static int oneByOne(byte[] bytes, int from, int end, IntPredicate wanted) {
        int at = from;
        while (at < end && !wanted.test(bytes[at])) {
            at++;
        }
        return at;
    }

    @Test
    void theFirstIsFoundWhereverItIs() {
        Random random = Seeds.random(ByteScanTest.class);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = random(random);
            int end = random.nextInt(bytes.length + 1);
            int from = random.nextInt(end + 1);
            assertThat(ByteScan.quoteOrBackslash(bytes, from, end))
                    .isEqualTo(oneByOne(bytes, from, end, b -> b == '"' || b == '\\'));
            assertThat(ByteScan.backslashOrNotAscii(bytes, from, end))
                    .isEqualTo(oneByOne(bytes, from, end, b -> b == '\\' || b < 0));
        }
    }

    @Test
    void behindTheEndThereIsNothing() {
        byte[] bytes = {'a', '"'};
        assertThat(ByteScan.quoteOrBackslash(bytes, 3, 2)).isEqualTo(3);
    }
}

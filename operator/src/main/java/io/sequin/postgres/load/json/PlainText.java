package io.sequin.postgres.load.json;

import java.nio.charset.StandardCharsets;

/** The text that a JSON string stands for. */
public final class PlainText {
    private PlainText() {}

    /**
     * Without its escapes, in UTF-8; never longer than it was.
     *
     * @param from index behind the quote that begins it
     * @param to of the quote that ends it
     */
    public static Bytes of(byte[] json, int from, int to) {
        Bytes out = new Bytes(to - from);
        int copied = from;
        int at = ByteScan.quoteOrBackslash(json, from, to);
        while (at + 1 < to) {
            out.put(json, copied, at - copied);
            copied = escape(json, at + 1, to, out);
            at = ByteScan.quoteOrBackslash(json, copied, to);
        }
        out.put(json, copied, Math.max(0, to - copied));
        return out;
    }

    /** Puts the character whose escape has its letter here; returns the index behind it. */
    private static int escape(byte[] json, int letter, int to, Bytes out) {
        switch (json[letter]) {
            case 'b' -> out.put('\b');
            case 'f' -> out.put('\f');
            case 'n' -> out.put('\n');
            case 'r' -> out.put('\r');
            case 't' -> out.put('\t');
            case 'u' -> {
                return unicode(json, letter + 1, to, out);
            }
            default -> out.put(json[letter]);
        }
        return letter + 1;
    }

    private static int unicode(byte[] json, int digits, int to, Bytes out) {
        int found = HostileText.character(json, digits, to);
        // no parser lets one pass that is none
        int character = found < 0 ? ' ' : found;
        if (character < 0x80) {
            out.put(character);
        } else {
            out.put(Character.toString(character).getBytes(StandardCharsets.UTF_8));
        }
        return Math.min(digits + HostileText.digits(character), to);
    }
}

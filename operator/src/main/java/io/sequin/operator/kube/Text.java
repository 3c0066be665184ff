package io.sequin.operator.kube;

import java.nio.charset.StandardCharsets;

/** Bounds on texts that go to the cluster, so that one long message can't make a whole write fail. */
public final class Text {
    /** Most characters of a condition's message; the API conventions allow 32,768, nobody reads so much. */
    static final int MESSAGE = 4096;
    /** Most characters of a message that may occur two hundred times in one object. */
    static final int SHORT = 512;
    /** Most bytes of an Event's note (events.k8s.io/v1). */
    static final int NOTE = 1024;

    /** Fewer bytes of words say nothing. */
    private static final int MANY_WORDS = 100;

    private static final String CUT = "…";

    private Text() {}

    /** A condition's message. */
    public static String message(String text) {
        return cut(text, MESSAGE);
    }

    /** The text with one full stop, or where it was cut, at its end, so that another sentence may follow. */
    public static String sentence(String text) {
        return text.endsWith(".") || text.endsWith(CUT) ? text : text + ".";
    }

    /** A message in a long list. */
    public static String shortMessage(String text) {
        return cut(text, SHORT);
    }

    /** An Event's note. */
    static String note(String text) {
        return cutBytes(text, NOTE);
    }

    /** An Event's note of words and a statement: where both are too long the words are cut, since half a statement is of no use. */
    public static String note(String words, String statement) {
        int room = NOTE - bytes(statement) - 1;
        return room < MANY_WORDS ? note(words) : cutBytes(words, room) + " " + statement;
    }

    private static String cutBytes(String text, int most) {
        int length = text.length();
        while (bytes(cut(text, length)) > most) {
            length -= Math.max(1, (bytes(cut(text, length)) - most) / 3);
        }
        return cut(text, length);
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static String cut(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        int end = most - 1;
        if (Character.isHighSurrogate(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(0, end) + CUT;
    }
}

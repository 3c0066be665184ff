package io.sequin.operator.kube;

/** Bounds on texts that go to the cluster, so that one long message can't make a whole write fail. */
public final class Text {
    /** Most characters of a condition's message; the API conventions allow 32,768, nobody reads so much. */
    static final int MESSAGE = 4096;
    /** Most characters of a message that may occur two hundred times in one object. */
    static final int SHORT = 512;
    /** Most bytes of an Event's note (events.k8s.io/v1); a character has at most three bytes per {@code char}. */
    static final int NOTE = 1024 / 3;

    private Text() {}

    /** A condition's message. */
    public static String message(String text) {
        return cut(text, MESSAGE);
    }

    /** A message in a long list. */
    public static String shortMessage(String text) {
        return cut(text, SHORT);
    }

    static String note(String text) {
        return cut(text, NOTE);
    }

    private static String cut(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        int end = most - 1;
        if (Character.isHighSurrogate(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(0, end) + "…";
    }
}

package io.sequin.testkit.kube;

/** Lines for the person at the console who waits; a log may be configured away. */
final class Progress {
    private Progress() {}

    static void say(String line) {
        System.err.println(line);
    }
}

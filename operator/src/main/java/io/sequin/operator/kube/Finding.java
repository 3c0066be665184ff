package io.sequin.operator.kube;

/**
 * What a condition is to say now, without its times.
 *
 * @param type the condition's type, such as {@code Ready}
 * @param state its status
 * @param reason one CamelCase word
 * @param message what happened and what to do; never a secret
 */
public record Finding(String type, State state, String reason, String message) {
    /** Summary of the whole resource. */
    public static final String READY = "Ready";
    /** The resource is not as wanted yet, but it may still get there by itself or by somebody's help. */
    public static final String RECONCILING = "Reconciling";
    /** Nobody should wait any longer: somebody must act. */
    public static final String STALLED = "Stalled";

    /** A condition's status, in the words of {@code metav1.ConditionStatus}. */
    public enum State {
        TRUE("True"),
        FALSE("False"),
        UNKNOWN("Unknown");

        private final String text;

        State(String text) {
            this.text = text;
        }

        public String text() {
            return text;
        }
    }

    public static Finding yes(String type, String reason, String message) {
        return new Finding(type, State.TRUE, reason, message);
    }

    public static Finding no(String type, String reason, String message) {
        return new Finding(type, State.FALSE, reason, message);
    }

    public static Finding unknown(String type, String reason, String message) {
        return new Finding(type, State.UNKNOWN, reason, message);
    }
}

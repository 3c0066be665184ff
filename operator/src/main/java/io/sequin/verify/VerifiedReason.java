package io.sequin.verify;

/** The reasons of stages that passed. */
public enum VerifiedReason {
    /** All referenced credentials were found and can be used. */
    RESOLVED("Resolved"),
    /** A session was opened on a server that we can work with. */
    CONNECTED("Connected"),
    /** The server accepts the login; a grant is missing before it opens a session. */
    LOGIN_ACCEPTED("LoginAccepted"),
    /** The user has the rights it needs, and no more than it should. */
    GRANTED("Granted");

    private final String text;

    VerifiedReason(String text) {
        this.text = text;
    }

    /** One CamelCase word. */
    public String text() {
        return text;
    }
}

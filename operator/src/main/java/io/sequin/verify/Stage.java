package io.sequin.verify;

/** The stages of a verification, in order; each is a condition of the Destination. */
public enum Stage {
    CREDENTIALS_RESOLVED("CredentialsResolved"),
    CONNECTED("Connected"),
    PERMISSIONS_VERIFIED("PermissionsVerified");

    private final String condition;

    Stage(String condition) {
        this.condition = condition;
    }

    /** The condition's type. */
    public String condition() {
        return condition;
    }
}

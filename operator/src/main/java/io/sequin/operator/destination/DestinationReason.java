package io.sequin.operator.destination;

/** The reasons of a Destination's conditions that are not problems. */
public enum DestinationReason {
    /** Everything was checked and works. */
    VERIFIED("Verified"),
    /** This generation is being checked. */
    VERIFYING("Verifying"),
    /** The Destination is deleted, and waits for the Syncs that the message names: at most 5 minutes for those that nobody deletes. */
    IN_USE("InUse"),
    /** An earlier stage failed. */
    NOT_REACHED("NotReached");

    private final String text;

    DestinationReason(String text) {
        this.text = text;
    }

    /** The word in the condition. */
    public String text() {
        return text;
    }
}

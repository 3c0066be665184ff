package io.sequin.operator.destination;

/** The reasons of a Destination's conditions that are not problems. */
public enum DestinationReason {
    /** Everything was checked and works. */
    VERIFIED("Verified"),
    /** This generation is being checked. */
    VERIFYING("Verifying"),
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

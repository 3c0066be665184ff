package io.sequin.engine;

/** A table's state as users see it. */
public enum TableState {
    PENDING("Pending"),
    BACKFILLING("Backfilling"),
    LIVE("Live"),
    FAILING("Failing"),
    /** The account does not have the product: the table waits, and counts neither as failing nor as missing. */
    NOT_OFFERED("NotOffered");

    private final String text;

    TableState(String text) {
        this.text = text;
    }

    public String text() {
        return text;
    }
}

package io.sequin.engine;

/** A table's state as users see it. */
public enum TableState {
    PENDING("Pending"),
    BACKFILLING("Backfilling"),
    LIVE("Live"),
    FAILING("Failing");

    private final String text;

    TableState(String text) {
        this.text = text;
    }

    public String text() {
        return text;
    }
}

package io.sequin.postgres.load.table;

/** A quick way of writing a table failed; the batch is to be rolled back and tried again with more care. */
public final class NeedsCare extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String table;
    private final Care care;

    NeedsCare(String table, Care care) {
        super(table, null, false, false);
        this.table = table;
        this.care = care;
    }

    /** The table in question. */
    public String table() {
        return table;
    }

    /** With how much it is to be written. */
    public Care care() {
        return care;
    }
}

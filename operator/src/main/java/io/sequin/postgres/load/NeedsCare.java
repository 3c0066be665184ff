package io.sequin.postgres.load;

/** A quick way of writing a table failed; the batch is to be rolled back and tried again with more care. */
final class NeedsCare extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String table;
    private final Care care;

    NeedsCare(String table, Care care) {
        super(table, null, false, false);
        this.table = table;
        this.care = care;
    }

    String table() {
        return table;
    }

    Care care() {
        return care;
    }
}

package io.sequin.postgres.load;

/** A quick way of writing a table failed; the batch is to be rolled back and tried again through staging. */
final class NeedsStaging extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String table;

    NeedsStaging(String table) {
        super(table, null, false, false);
        this.table = table;
    }

    String table() {
        return table;
    }
}

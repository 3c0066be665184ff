package io.sequin.postgres.load;

/** How many rows statements really wrote. */
record RowCounts(long inserted, long updated, long deleted) {
    static final RowCounts NONE = new RowCounts(0, 0, 0);

    RowCounts plus(RowCounts other) {
        return new RowCounts(inserted + other.inserted, updated + other.updated, deleted + other.deleted);
    }

    long changed() {
        return inserted + updated + deleted;
    }

    long growth() {
        return inserted - deleted;
    }
}

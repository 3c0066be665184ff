package io.sequin.postgres.load;

import io.sequin.data.RowKey;

/** A record that Postgres can't take. The message says why, without any of the content. */
final class UnfitRecord extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient RowKey key;

    UnfitRecord(RowKey key, String reason) {
        super(reason);
        this.key = key;
    }

    RowKey key() {
        return key;
    }
}

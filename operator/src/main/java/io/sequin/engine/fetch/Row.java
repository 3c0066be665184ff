package io.sequin.engine.fetch;

import io.sequin.data.Change;
import io.sequin.data.RowKey;

/** What a change is about. */
record Row(String table, RowKey key) {
    static Row of(Change change) {
        return new Row(change.table(), change.key());
    }
}

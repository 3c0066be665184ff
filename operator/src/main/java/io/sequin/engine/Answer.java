package io.sequin.engine;

import io.sequin.data.Change;
import java.util.List;

/**
 * What one request brought.
 *
 * @param number when it was sent, among all requests of its Sync
 */
record Answer(long number, List<Change> changes) {
    Answer {
        changes = List.copyOf(changes);
    }
}

package io.sequin.engine.order;

import io.sequin.data.Change;
import java.util.List;

/**
 * What one request brought.
 *
 * @param number when it was sent, among all requests of its Sync
 */
public record Answer(long number, List<Change> changes) {
    public Answer {
        changes = List.copyOf(changes);
    }
}

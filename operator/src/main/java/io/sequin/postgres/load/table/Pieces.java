package io.sequin.postgres.load.table;

import io.sequin.data.Change;
import java.util.ArrayList;
import java.util.List;

/** Records cut into pieces that are bound at once. Pure. */
final class Pieces {
    /** Bound arrays are copies of what they hold. */
    private static final long MOST_BYTES = 4 << 20;

    private Pieces() {}

    /** In order, each of at most so many records and of few bytes; a large record is alone. */
    static List<List<Change.Upsert>> of(List<Change.Upsert> upserts, int rows) {
        List<List<Change.Upsert>> pieces = new ArrayList<>();
        int from = 0;
        long bytes = 0;
        for (int i = 0; i < upserts.size(); i++) {
            int more = upserts.get(i).object().length();
            if (i > from && (i - from == rows || bytes + more > MOST_BYTES)) {
                pieces.add(upserts.subList(from, i));
                from = i;
                bytes = 0;
            }
            bytes += more;
        }
        if (from < upserts.size()) {
            pieces.add(upserts.subList(from, upserts.size()));
        }
        return pieces;
    }
}

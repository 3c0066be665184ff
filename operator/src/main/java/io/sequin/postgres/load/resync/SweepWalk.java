package io.sequin.postgres.load.resync;

import io.sequin.data.RowKey;
import io.sequin.postgres.load.Passes;
import java.util.Optional;

/**
 * How far the walk along a table's keys has come, once the source was asked for what it must be asked for.
 *
 * @param pass of this pass
 * @param deletes it deletes what was counted; false: it counts
 * @param at the last key that was looked at; empty: none was
 * @param gone rows that were counted as gone
 * @param all rows that were counted
 */
record SweepWalk(String pass, boolean deletes, Optional<RowKey> at, long gone, long all) {
    static SweepWalk begin(String pass, boolean deletes) {
        return new SweepWalk(pass, deletes, Optional.empty(), 0, 0);
    }

    /** It has looked at so many more. */
    SweepWalk to(Optional<RowKey> end, long moreGone, long more) {
        return new SweepWalk(pass, deletes, end, gone + moreGone, all + more);
    }

    /**
     * What a transaction came to.
     *
     * @param walk as it goes on; empty: it is over, or did not begin
     */
    record Step(Passes.Swept swept, Optional<SweepWalk> walk) {
        static Step last(Passes.Swept swept) {
            return new Step(swept, Optional.empty());
        }

        static Step more(SweepWalk walk) {
            return new Step(new Passes.Swept.More(), Optional.of(walk));
        }
    }
}

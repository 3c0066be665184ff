package io.sequin.engine;

import java.time.Instant;
import java.util.Optional;

/**
 * What moves while a Sync works.
 *
 * @param lastChange last commit that changed a row
 * @param caughtUp all that had happened at the source by then is applied: the start, by this process's clock, of the last
 *     completed poll of the lane that is furthest behind, and as much later as that lane may rest between polls, so it may
 *     lie ahead; lag is now less this, or none. Not by the source's clock, which may differ from ours
 * @param rowsWritten rows changed since the loop began; for rates
 * @param lastSuccess by this process's clock: the last batch that was committed, or poll that found its end
 */
public record Pace(
        Optional<Instant> lastChange, Optional<Instant> caughtUp, long rowsWritten, Optional<Instant> lastSuccess) {
    /** Nothing has moved. */
    public static final Pace NONE = new Pace(Optional.empty(), Optional.empty(), 0, Optional.empty());

    /** Only whether everything was applied once. */
    Pace material() {
        return new Pace(Optional.empty(), caughtUp.map(time -> Instant.EPOCH), 0, Optional.empty());
    }
}

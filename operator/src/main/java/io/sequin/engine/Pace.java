package io.sequin.engine;

import java.time.Instant;
import java.util.Optional;

/**
 * What moves while a Sync works.
 *
 * @param lastChange last commit that changed a row
 * @param caughtUp source time up to which everything is applied, of the lane that is furthest behind: its last completed
 *     poll, and as much later as that lane may rest between polls, so it may lie ahead; lag is now less this, or none
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

package io.sequin.data;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What one Sync may ask of its source at most, below the budget that all Syncs of the account share; the lower wins.
 *
 * @param requests most requests within {@code interval}; empty: the source's own
 * @param interval of {@code requests}
 * @param maxConcurrent most requests under way at once; empty: the source's own
 * @param quotaPercent the share of the account's budget this Sync may use, 1 to 100; empty: the source's own
 */
public record RateCeiling(
        OptionalInt requests, Optional<Duration> interval, OptionalInt maxConcurrent, OptionalInt quotaPercent) {
    /** Nothing beyond what the source's budget says. */
    public static final RateCeiling NONE =
            new RateCeiling(OptionalInt.empty(), Optional.empty(), OptionalInt.empty(), OptionalInt.empty());
}

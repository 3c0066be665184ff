package io.sequin.engine.parts;

import io.sequin.loop.Backoff;
import java.time.Duration;

/**
 * How a Sync's loop works: limits and waits.
 *
 * @param batchRows a batch is committed when it holds so many rows
 * @param batchBytes or so many bytes
 * @param batchTime or when it has been gathered for so long
 * @param pageBytes most bytes asked of a source at once; a single larger record may exceed it
 * @param lanes most first passes of one Sync at the same time
 * @param fetches most fetches of one Sync at the same time
 * @param fetchGroup most rows asked for in one fetch
 * @param dirtyKeys with more keys of one table to be fetched, the table is listed from the start instead
 * @param renewal so often at least a Sync says in its schema that it works on it, and looks whether that is as it was left
 * @param listening so often a turn that lasts asks whether somebody wants its lanes to go on
 * @param backoff the wait after a failure
 */
public record EngineSettings(
        int batchRows,
        long batchBytes,
        Duration batchTime,
        int pageBytes,
        int lanes,
        int fetches,
        int fetchGroup,
        int dirtyKeys,
        Duration renewal,
        Duration listening,
        Backoff backoff) {

    /** The values of production. */
    public static EngineSettings defaults() {
        Backoff backoff = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(60));
        return new EngineSettings(
                20_000,
                8 << 20,
                Duration.ofSeconds(3),
                4 << 20,
                4,
                4,
                10,
                100_000,
                Duration.ofMinutes(10),
                Duration.ofSeconds(1),
                backoff);
    }
}

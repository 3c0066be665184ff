package io.sequin.postgres.load;

import io.sequin.data.Checkpoint;

/**
 * How far a lane has come, as the database has it.
 *
 * @param seq number of commits so far; the next one names it
 */
public record LaneState(long seq, Checkpoint checkpoint) {}

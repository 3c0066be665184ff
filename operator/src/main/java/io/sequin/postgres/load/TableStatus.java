package io.sequin.postgres.load;

import io.sequin.data.TablePhase;
import java.time.Instant;
import java.util.Optional;

/**
 * What the database records of a table of ours.
 *
 * @param lastChange time of the last commit that changed a row
 */
public record TableStatus(TablePhase phase, long rows, Optional<Instant> lastChange) {}

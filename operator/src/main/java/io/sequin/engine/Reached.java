package io.sequin.engine;

import io.sequin.data.AccountId;
import java.time.Instant;
import java.util.Optional;

/**
 * How far a Sync has come since its loop began.
 *
 * @param source the source has answered
 * @param schema the claim is ours and the tables exist
 * @param committed at least one batch of this data set is committed, in whatever life of the loop
 * @param account the source account, once known
 * @param storageId identity of the data set, once taken
 * @param since when the loop began, by this process's clock
 */
public record Reached(
        boolean source,
        boolean schema,
        boolean committed,
        Optional<AccountId> account,
        Optional<String> storageId,
        Instant since) {
    /** Nothing yet. */
    public static final Reached NOTHING =
            new Reached(false, false, false, Optional.empty(), Optional.empty(), Instant.EPOCH);
}

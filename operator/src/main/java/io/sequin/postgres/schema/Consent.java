package io.sequin.postgres.schema;

import io.sequin.data.ResyncRequest;
import io.sequin.data.StorageMemory;
import java.util.Optional;

/**
 * What a person has agreed to, by a token of a re-sync of all tables that nobody has seen before. One that names tables says
 * nothing of the others. Pure.
 *
 * @param known what is remembered of the data set outside of the database
 * @param asked the re-sync that the user wants
 */
public record Consent(StorageMemory known, Optional<ResyncRequest> asked) {
    /** Nothing was there before, and nothing is asked for. */
    public static final Consent NONE = new Consent(StorageMemory.NONE, Optional.empty());

    /** Whether the schema was there, and nobody said that it may be filled anew. */
    boolean isMissed() {
        return known.storageId().isPresent()
                && asked.filter(Consent::isOfAll)
                        .filter(request -> !known.tokens().contains(request.token()))
                        .isEmpty();
    }

    /** The re-sync that may bring another account's data into the schema; empty where that is not asked for. */
    Optional<ResyncRequest> toOtherAccount(ResyncRecord recorded) {
        return asked.filter(Consent::isOfAll)
                .filter(request -> !request.token().equals(recorded.handled())
                        && !request.token().equals(recorded.token()));
    }

    private static boolean isOfAll(ResyncRequest request) {
        return request.tables().isEmpty();
    }
}

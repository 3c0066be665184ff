package io.sequin.postgres.load.resync;

import io.sequin.data.ResyncRequest;
import io.sequin.postgres.schema.ResyncRecord;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a request to sync again means, given what is recorded of earlier ones; pure.
 *
 * @param record what is to be recorded
 * @param unknown tables that it names and that are not filled
 */
record ResyncDecision(ResyncRecord record, Set<String> unknown) {
    /**
     * Decides.
     *
     * @param asked empty: the user wants none, one under way ends
     * @param filled the tables that are filled
     * @param untouched nothing was ever synced into the schema: what is asked is what happens anyway
     */
    static ResyncDecision of(
            ResyncRecord recorded, Optional<ResyncRequest> asked, Set<String> filled, boolean untouched) {
        if (asked.isEmpty()) {
            return end(recorded, recorded.handled(), Set.of());
        }
        ResyncRequest request = asked.get();
        if (untouched || request.token().equals(recorded.handled())) {
            return end(recorded, request.token(), Set.of());
        }
        if (recorded.isUnderWay(request)) {
            Set<String> left = new TreeSet<>(recorded.left());
            left.retainAll(filled);
            return new ResyncDecision(recorded.doing(request, left), Set.of());
        }
        Set<String> unknown = new TreeSet<>(request.tables());
        unknown.removeAll(filled);
        if (!unknown.isEmpty()) {
            return end(recorded, recorded.handled(), unknown);
        }
        Set<String> left = request.tables().isEmpty() ? filled : request.tables();
        return new ResyncDecision(recorded.doing(request, left), Set.of());
    }

    /**
     * Whether full passes end: they go on only for the request that they were begun for. Where nothing is asked for, none
     * may go on remembering what it meets.
     *
     * @param recorded what was recorded before
     */
    boolean endsPasses(ResyncRecord recorded) {
        return record.token() == null || !recorded.isUnderWay(new ResyncRequest(record.token(), record.tables()));
    }

    private static ResyncDecision end(ResyncRecord recorded, @Nullable String handled, Set<String> unknown) {
        return new ResyncDecision(recorded.done(handled), unknown);
    }
}

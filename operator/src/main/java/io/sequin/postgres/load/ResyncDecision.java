package io.sequin.postgres.load;

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
 * @param anew full passes under way are not this request's
 */
record ResyncDecision(ResyncRecord record, Set<String> unknown, boolean anew) {
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
            return new ResyncDecision(recorded.doing(request, left), Set.of(), false);
        }
        Set<String> unknown = new TreeSet<>(request.tables());
        unknown.removeAll(filled);
        if (!unknown.isEmpty()) {
            return end(recorded, recorded.handled(), unknown);
        }
        Set<String> left = request.tables().isEmpty() ? filled : request.tables();
        return new ResyncDecision(recorded.doing(request, left), Set.of(), true);
    }

    /** Also one whose end nobody heard of: where nothing is asked for, none may go on remembering what it meets. */
    boolean endsPasses() {
        return anew || record.token() == null;
    }

    private static ResyncDecision end(ResyncRecord recorded, @Nullable String handled, Set<String> unknown) {
        return new ResyncDecision(recorded.done(handled), unknown, recorded.token() != null);
    }
}

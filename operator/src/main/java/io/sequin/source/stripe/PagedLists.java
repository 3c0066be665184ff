package io.sequin.source.stripe;

import io.sequin.data.LaneId;
import io.sequin.source.http.AnswerTooLargeException;
import io.sequin.source.http.Query;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Asks for pages of lists that fit in the caller's budget: Stripe bounds a page by count only, so a page that is too
 * long in bytes is asked for again with fewer objects, and the lane stays at that count. Safe for threads.
 */
final class PagedLists {
    /** The most that Stripe gives at once (docs.stripe.com/api/pagination). */
    static final int MAX_LIMIT = 100;

    private final StripeApi api;
    private final Map<LaneId, Integer> limits = new ConcurrentHashMap<>();

    PagedLists(StripeApi api) {
        this.api = api;
    }

    /**
     * One page, whatever its status.
     *
     * @param maxBytes bound of the answer; a single object may exceed it
     */
    Reply get(LaneId lane, String path, Query query, int maxBytes) {
        int limit = limits.getOrDefault(lane, MAX_LIMIT);
        while (true) {
            int bound = limit == 1 ? StripeApi.MAX_OBJECT_BYTES : maxBytes;
            try {
                return api.get(path, query.and("limit", limit), bound);
            } catch (AnswerTooLargeException tooLarge) {
                if (limit == 1) {
                    throw tooLarge;
                }
                limit = Math.max(1, limit / 4);
                limits.put(lane, limit);
            }
        }
    }
}

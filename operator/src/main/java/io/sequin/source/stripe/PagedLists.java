package io.sequin.source.stripe;

import io.sequin.data.LaneId;
import io.sequin.data.SmallMap;
import io.sequin.source.RequestGate;
import io.sequin.source.http.AnswerTooLargeException;
import io.sequin.source.http.Query;

/**
 * Asks for pages of lists that fit in the caller's budget: Stripe bounds a page by count only, so a page that is too
 * long in bytes is asked for again with fewer objects. The lane's count grows again after some pages that would have
 * left room for twice as many. Safe for threads.
 */
final class PagedLists {
    /** The most that Stripe gives at once (docs.stripe.com/api/pagination). */
    static final int MAX_LIMIT = 100;

    /** So many pages with room to spare in a row, before twice as many objects are asked for. */
    static final int GROW_AFTER = 3;

    private final StripeApi api;

    /** Of lanes that do not ask for the most. */
    private final SmallMap<LaneId, Count> counts = new SmallMap<>();

    /**
     * How many objects a lane asks for.
     *
     * @param roomy pages in a row that were at most half as long as allowed
     */
    private record Count(int limit, int roomy) {
        static final Count MOST = new Count(MAX_LIMIT, 0);

        Count fewer() {
            return new Count(Math.max(1, limit / 4), 0);
        }

        Count after(boolean room) {
            if (limit == MAX_LIMIT || !room) {
                return new Count(limit, 0);
            }
            return roomy + 1 < GROW_AFTER ? new Count(limit, roomy + 1) : new Count(Math.min(MAX_LIMIT, 2 * limit), 0);
        }
    }

    PagedLists(StripeApi api) {
        this.api = api;
    }

    /** One page of as many objects as there may be. */
    Reply get(LaneId lane, String path, Query query, int maxBytes, RequestGate.Step step) {
        return get(lane, path, query, maxBytes, MAX_LIMIT, step);
    }

    /**
     * One page, whatever its status.
     *
     * @param maxBytes bound of the answer; a single object may exceed it
     * @param most so many objects at most
     * @param step whether what came before is lost without it
     */
    Reply get(LaneId lane, String path, Query query, int maxBytes, int most, RequestGate.Step step) {
        Count count = counts.get(lane).orElse(Count.MOST);
        while (true) {
            int bound = count.limit() == 1 ? StripeApi.MAX_OBJECT_BYTES : maxBytes;
            try {
                Reply reply = api.get(path, query.and("limit", Math.min(most, count.limit())), bound, step);
                if (reply.ok()) {
                    remember(lane, count.after(2L * reply.answer().body().length <= maxBytes));
                }
                return reply;
            } catch (AnswerTooLargeException tooLarge) {
                if (count.limit() == 1) {
                    throw StripeFailure.tooLarge(path, tooLarge);
                }
                count = count.fewer();
                remember(lane, count);
            }
        }
    }

    private void remember(LaneId lane, Count count) {
        if (count.equals(Count.MOST)) {
            counts.remove(lane);
        } else {
            counts.put(lane, count);
        }
    }
}

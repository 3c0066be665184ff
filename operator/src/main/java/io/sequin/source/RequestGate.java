package io.sequin.source;

import io.sequin.data.AccountId;
import java.util.Optional;

/**
 * What a session asks before each request: waits until the request fits the account's budget, which all Syncs of the
 * account share, and the Sync's own ceiling. Safe for several lanes at once. All waiting of a session is here.
 */
public interface RequestGate extends AutoCloseable {
    /**
     * From now on requests count for this account. Before, they count for a small budget that all sessions of the kind
     * share until they know their account.
     */
    void belongsTo(AccountId account, RateLimits limits);

    /** Whether what was answered before is lost where a request is not let through. */
    enum Step {
        /** Nothing is. */
        BEGINS,
        /** One of several requests that are of use only together, such as the pages of one object's rows. */
        GOES_ON
    }

    /** For a request that begins something. */
    default Pass enter(Purpose purpose, String group) {
        return enter(purpose, group, Step.BEGINS);
    }

    /**
     * Waits for a place; answers an interrupt, with the interrupt flag set.
     *
     * @param group calls that the source limits together, such as one endpoint; of a bounded number, never with an id
     * @throws SourceException RATE_LIMITED with {@code retryAt} where the wait would be longer than some seconds, so
     *     that the lane is parked and no thread is held, or where what goes on would have to wait for the Sync's own
     *     ceiling for longer than some minutes; UNREACHABLE where the thread was interrupted
     */
    Pass enter(Purpose purpose, String group, Step step);

    /** The session is over. */
    @Override
    void close();

    /** A request that may be sent; closed when its answer is there, or none will come. */
    interface Pass extends AutoCloseable {
        /**
         * Tells the answer.
         *
         * @param status of HTTP
         * @param throttle the source's request to slow down, where it made one
         */
        void answered(int status, Optional<Throttle> throttle);

        @Override
        void close();
    }
}

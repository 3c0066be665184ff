package io.sequin.source;

import io.sequin.data.AccountId;
import io.sequin.data.RateCeiling;
import io.sequin.data.ResourceKey;
import java.util.Optional;

/** Where sessions get their gate. */
@FunctionalInterface
public interface RequestGates {
    /** Lets every request through: for a single session that is alone with its source. */
    RequestGates OPEN = (kind, sync, ceiling) -> new RequestGate() {
        @Override
        public void belongsTo(AccountId account, RateLimits limits) {
            // nothing is counted
        }

        @Override
        public Pass enter(Purpose purpose, String group) {
            return new Pass() {
                @Override
                public void answered(int status, Optional<Throttle> throttle) {
                    // nothing is counted
                }

                @Override
                public void close() {
                    // nothing is held
                }
            };
        }

        @Override
        public void close() {
            // nothing is held
        }
    };

    /**
     * A gate for one session.
     *
     * @param kind of source
     * @param sync whose session it is: Syncs of one account take turns
     * @param ceiling what this Sync may ask at most
     */
    RequestGate open(String kind, ResourceKey sync, RateCeiling ceiling);
}

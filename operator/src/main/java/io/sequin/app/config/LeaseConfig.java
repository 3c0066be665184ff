package io.sequin.app.config;

import java.time.Duration;

/**
 * How the one leader is found.
 *
 * @param namespace of the Lease; empty: the operator's own
 * @param duration how long a Lease that is not renewed still counts
 * @param renewDeadline after that long without a renewal the leader gives up
 * @param retryPeriod time between two tries
 */
public record LeaseConfig(String namespace, Duration duration, Duration renewDeadline, Duration retryPeriod) {
    /** Name of the Lease; the Role in config/rbac/operator names it too. */
    public static final String NAME = "sequin-operator";

    public LeaseConfig {
        if (duration.compareTo(renewDeadline) <= 0 || renewDeadline.compareTo(retryPeriod) <= 0) {
            throw new ConfigException("--lease-duration, --lease-renew-deadline and --lease-retry-period: each must be"
                    + " longer than the next (15s, 10s, 2s unless set), but they are " + seconds(duration) + ", "
                    + seconds(renewDeadline) + " and " + seconds(retryPeriod));
        }
        if (retryPeriod.isZero()) {
            throw new ConfigException("--lease-retry-period: must be longer than 0s");
        }
    }

    private static String seconds(Duration d) {
        return d.toMillis() / 1000.0 + "s";
    }
}

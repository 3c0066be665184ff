package io.sequin.source;

import io.sequin.data.AccountId;

/**
 * How much of an account's budget is in use now; for metrics.
 *
 * @param perSecond requests a second that we allow ourselves now: less than usual after the source asked to slow down
 * @param lastSecond requests sent within the last second
 * @param concurrent requests at once that we allow ourselves now
 * @param underWay requests under way
 * @param waiting requests that wait for their place
 */
public record BudgetUse(
        String kind, AccountId account, double perSecond, int lastSecond, int concurrent, int underWay, int waiting) {}

/**
 * The rate budget of each account, shared by all Syncs that use it. Everything but {@link
 * io.sequin.source.budget.RateBudgets}, its sessions and {@link io.sequin.source.budget.SharedBudget} is told the time
 * (nanoseconds of a monotonic clock), has no threads and no locks.
 */
@NullMarked
package io.sequin.source.budget;

import org.jspecify.annotations.NullMarked;

package io.sequin.observability;

import io.sequin.postgres.Connects;
import io.sequin.postgres.PoolUse;
import io.sequin.source.BudgetUse;
import java.util.List;

/**
 * How the loops use what they share.
 *
 * @param budgetLimit bytes that may be in memory at once
 * @param budgetHeld bytes that are, or that room is kept for
 * @param pools every open pool
 * @param connects of all pools since the start
 * @param budgets of every account in use
 */
public record Usage(
        long budgetLimit, long budgetHeld, List<PoolUse> pools, Connects connects, List<BudgetUse> budgets) {
    /** Nothing is used. */
    public static final Usage NONE = new Usage(0, 0, List.of(), new Connects(0, 0), List.of());

    public Usage {
        pools = List.copyOf(pools);
        budgets = List.copyOf(budgets);
    }
}

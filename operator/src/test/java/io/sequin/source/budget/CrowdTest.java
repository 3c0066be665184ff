package io.sequin.source.budget;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.Seeds;
import io.sequin.WideBudgets;
import io.sequin.data.AccountId;
import io.sequin.data.RateCeiling;
import io.sequin.data.ResourceKey;
import io.sequin.source.Purpose;
import io.sequin.source.RateLimits;
import io.sequin.source.RequestGate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many crowds at once, each with a budget of its own: who is left at the end of one has nobody else to wake it. */
class CrowdTest {
    private static final AccountId ACCOUNT = new AccountId("acct_1");
    private static final ResourceKey A = new ResourceKey("team", "a", "1");
    private static final ResourceKey B = new ResourceKey("team", "b", "2");

    @Test
    @Timeout(60)
    void nobodyIsForgottenWhenACrowdLeaves() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Random random = Seeds.random(CrowdTest.class);
            List<Future<Boolean>> crowds = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                Random pauses = new Random(random.nextLong());
                crowds.add(threads.submit(() -> crowd(WideBudgets.create(Map.of()), pauses)));
            }
            for (Future<Boolean> crowd : crowds) {
                assertThat(crowd.get()).isTrue();
            }
        }
    }

    private static boolean crowd(RateBudgets budgets, Random pauses) throws Exception {
        RateLimits limits = new RateLimits(25, 25, Map.of(), 20);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < 14; i++) {
                RequestGate gate = budgets.open("stripe", i % 4 == 0 ? B : A, RateCeiling.NONE);
                gate.belongsTo(ACCOUNT, limits);
                Purpose purpose = i % 5 == 0 ? Purpose.TAIL : Purpose.BACKFILL;
                String group = "group " + i % 3;
                all.add(threads.submit(() -> gate.enter(purpose, group).close()));
                if (i % 3 == 0) {
                    Thread.sleep(pauses.nextInt(60));
                }
            }
            for (Future<?> one : all) {
                one.get();
            }
        }
        return budgets.use().getFirst().waiting() == 0;
    }
}

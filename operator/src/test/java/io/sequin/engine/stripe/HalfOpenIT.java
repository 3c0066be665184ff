package io.sequin.engine.stripe;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.Seeds;
import io.sequin.Thoroughness;
import io.sequin.engine.SyncSnapshot;
import io.sequin.postgres.Timeouts;
import io.sequin.postgres.schema.WriteTimeouts;
import io.sequin.testkit.postgres.PostgresServer;
import io.sequin.testkit.proxy.Direction;
import io.sequin.testkit.stripe.StripeObjectType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A network that is gone without a word: neither side learns that the other hears nothing any more. */
class HalfOpenIT {
    private static final Timeouts SHORT =
            new Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(4), Duration.ofSeconds(20));
    private static final WriteTimeouts SHORTER =
            new WriteTimeouts(Duration.ofSeconds(1), Duration.ofSeconds(3), Duration.ofSeconds(60));
    private static final int ROUNDS = Thoroughness.rounds(1, 5);

    private static void someTimeInto(StripeSync sync, Random random) throws InterruptedException {
        sync.stripe.data().churn(random, 40);
        sync.stripe
                .data()
                .randomLive(StripeObjectType.CUSTOMER, random)
                .ifPresent(id -> sync.stripe.data().delete(StripeObjectType.CUSTOMER, id));
        TimeUnit.MILLISECONDS.sleep(random.nextInt(400));
    }

    static IntStream majors() {
        return Thoroughness.majors();
    }

    @ParameterizedTest(name = "Postgres {0}")
    @MethodSource("majors")
    void connectionsThatFallSilentAreGivenUpAndNothingIsLostOrDoubled(int major) throws Exception {
        long seed = Seeds.seed(HalfOpenIT.class);
        Random random = new Random(seed);
        try (StripeSync sync = new StripeSync(PostgresServer.sharedDurable(major), SHORT, SHORTER)) {
            sync.stripe.data().seed(seed, 1500, 100, 3000);
            sync.start();
            sync.awaitSnapshot("some rows", SyncSnapshot::committed);
            List<Bystanders> others = new ArrayList<>();
            for (int round = 0; round < ROUNDS; round++) {
                someTimeInto(sync, random);
                sync.proxy.silenceOpen();
                sync.awaitTruth();
                if (others.isEmpty()) {
                    others.add(Bystanders.in(sync));
                }
                someTimeInto(sync, random);
                // the server commits, and its answers get lost
                sync.proxy.freeze(Direction.TO_CLIENT);
                TimeUnit.SECONDS.sleep(5);
                sync.proxy.heal();
                sync.awaitTruth();
            }
            sync.awaitLive();
            sync.awaitSnapshot("no trouble", s -> s.destination().isEmpty());
            LeftOpen.awaitNothing(sync);
            others.forEach(Bystanders::assertUntouched);
            assertThat(sync.crashes).isEmpty();
            sync.stop();
            // of the silenced ones the server can't know: idle, they keep nothing but their place
            LeftOpen.awaitNothing(sync);
            sync.proxy.cutAll();
            LeftOpen.awaitNoSession(sync);
        }
    }
}

package io.sequin.engine.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sequin.Thoroughness;
import io.sequin.testkit.stripe.StripeData;
import io.sequin.testkit.stripe.StripeObjectType;
import java.time.Duration;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Fifty Syncs to one Destination share the few connections that it may have, and none is left behind. */
class FairShareIT {
    private static final int SYNCS = 50;
    private static final String SLOW = "stripe_7";
    private static final Duration SOON = Duration.ofMinutes(3);

    /** Less than a statement may take: the slow one lasts for all that time. */
    private static final Duration WHILE_ONE_IS_SLOW = Duration.ofMinutes(4);

    private final Random random = new Random(91);

    static IntStream majors() {
        return Thoroughness.majors();
    }

    @ParameterizedTest(name = "Postgres {0}")
    @MethodSource("majors")
    void fiftySyncsFillAndFollowWithTheConnectionsOfOneDestination(int major) throws Exception {
        try (CrowdedDestination crowd = new CrowdedDestination(major, SYNCS)) {
            crowd.stripe.data().seed(91, 20, 5, 20);
            try (SessionsAtOnce sessions = new SessionsAtOnce(crowd.login.server, crowd.login.user);
                    Verifying verifying = new Verifying(crowd.login, crowd.settings())) {
                crowd.start();
                crowd.awaitLive(SOON);
                crowd.awaitTruth(crowd.schemas(), SOON);
                change(crowd.stripe.data());
                crowd.awaitTruth(crowd.schemas(), SOON);
                oneIsSlowAndTheOthersGoOn(crowd);
                crowd.awaitTruth(crowd.schemas(), SOON);
                assertThat(verifying.stop()).as("verifications").isPositive();
                SessionsAtOnce.Counted counted = sessions.stop();
                assertThat(counted.looks()).as("looks at the server").isGreaterThan(500);
                assertThat(counted.most())
                        .as("sessions at once: of all Syncs, and the one that is kept for verification")
                        .isEqualTo(StripePlans.MAX_CONNECTIONS);
            }
            assertThat(crowd.troubles).as("nobody waited in vain").isEmpty();
            assertThat(crowd.crashes).isEmpty();
            crowd.stop();
            LeftOpen.awaitNoSession(crowd.login.server, crowd.login.user);
        }
    }

    private void change(StripeData data) {
        data.churn(random, 20);
        data.randomLive(StripeObjectType.CUSTOMER, random).ifPresent(id -> data.delete(StripeObjectType.CUSTOMER, id));
    }

    /** Changes of the forty-nine arrive while each row of one table of the fiftieth waits. */
    private void oneIsSlowAndTheOthersGoOn(CrowdedDestination crowd) throws Exception {
        crowd.login.asSuperuser(
                "create table public.slow as select 'on' as state",
                "grant select on public.slow to public",
                "create function public.slow() returns trigger language plpgsql as $$ begin"
                        + " while exists (select 1 from public.slow) loop perform pg_catalog.pg_sleep(0.05); end loop;"
                        + " return null; end $$",
                "create trigger slow after insert or update or delete on " + SLOW + ".customer"
                        + " for each row execute procedure public.slow()");
        StripeData data = crowd.stripe.data();
        String first = data.create(StripeObjectType.CUSTOMER);
        UsersSession superuser = new UsersSession(crowd.login.server, crowd.login.database);
        await("one statement takes long")
                .atMost(SOON)
                .until(
                        () -> superuser.value("select count(*) from pg_stat_activity where usename = '"
                                + crowd.login.user + "' and wait_event = 'PgSleep'"),
                        "1"::equals);
        Set<String> others = crowd.schemas();
        others.remove(SLOW);
        for (int i = 0; i < 2; i++) {
            change(data);
            data.create(StripeObjectType.CUSTOMER);
            crowd.awaitTruth(others, WHILE_ONE_IS_SLOW.dividedBy(2));
        }
        assertThat(superuser.value("select count(*) from " + SLOW + ".customer where id = '" + first + "'"))
                .as("what the slow one writes is not committed all that time")
                .isEqualTo("0");
        crowd.login.asSuperuser("delete from public.slow");
    }
}

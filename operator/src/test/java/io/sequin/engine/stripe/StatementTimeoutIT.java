package io.sequin.engine.stripe;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.Thoroughness;
import io.sequin.engine.SyncSnapshot;
import io.sequin.postgres.PostgresProblem;
import io.sequin.postgres.Timeouts;
import io.sequin.postgres.schema.WriteTimeouts;
import io.sequin.testkit.stripe.StripeData;
import io.sequin.testkit.stripe.StripeObjectType;
import java.time.Duration;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A database that is too slow for {@code statement_timeout}: nothing of a batch stays, and it is tried until it passes. */
class StatementTimeoutIT {
    private static final WriteTimeouts SHORT =
            new WriteTimeouts(Duration.ofSeconds(5), Duration.ofSeconds(2), Duration.ofSeconds(60));

    /** Each statement that writes customers takes longer than it may. */
    private static final String SLOW = """
            create function public.slow() returns trigger language plpgsql as
              $$ begin perform pg_catalog.pg_sleep(60); return null; end $$;
            create trigger slow before insert or update or delete on "stripe it".customer
              for each statement execute procedure public.slow()""";

    private static final String WRITTEN = """
            select md5(string_agg(c::text, '|' order by id)) || ' ' || count(*) || ' '
                   || (select rows from "stripe it"._sync_table where name = 'customer')
              from "stripe it".customer c""";

    static IntStream majors() {
        return Thoroughness.majors();
    }

    @ParameterizedTest(name = "Postgres {0}")
    @MethodSource("majors")
    void aStatementThatTakesTooLongIsTriedAgainAndNothingIsLostOrDoubled(int major) throws Exception {
        try (StripeSync sync = new StripeSync(Thoroughness.server(major), Timeouts.USUAL, SHORT)) {
            StripeData data = sync.stripe.data();
            Random random = new Random(61);
            data.seed(61, 300, 20, 100);
            sync.start();
            sync.awaitLive();
            sync.awaitTruth();
            sync.sql(SLOW);
            String before = sync.value(WRITTEN);

            data.churn(random, 60);
            data.randomLive(StripeObjectType.CUSTOMER, random)
                    .ifPresent(id -> data.delete(StripeObjectType.CUSTOMER, id));
            sync.awaitSnapshot("it says so of its table", StatementTimeoutIT::timesOut);
            SlowTables.othersGoOn(sync, "customer");
            assertThat(sync.value(WRITTEN)).as("customers, and their count").isEqualTo(before);

            sync.sql("drop trigger slow on \"stripe it\".customer");
            sync.awaitTruth();
            sync.awaitLive();
            sync.awaitSnapshot("no trouble", snapshot -> !timesOut(snapshot));
            assertThat(sync.value("select rows from \"stripe it\"._sync_table where name = 'customer'"))
                    .isEqualTo(sync.value("select count(*) from \"stripe it\".customer"));
            assertThat(sync.crashes).isEmpty();
        }
    }

    private static boolean timesOut(SyncSnapshot snapshot) {
        return SlowTables.problem(snapshot, "customer")
                .filter(problem -> problem.code() == PostgresProblem.STATEMENT_TIMEOUT)
                .isPresent();
    }
}

package io.sequin.engine.stripe;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.Thoroughness;
import io.sequin.data.DeleteGuard;
import io.sequin.data.Deletes;
import io.sequin.data.WriteRules;
import io.sequin.testkit.postgres.PgBouncer;
import io.sequin.testkit.stripe.StripeData;
import io.sequin.testkit.stripe.StripeObjectType;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The whole path through a PgBouncer in transaction mode that nobody has set up for us. */
class PgBouncerIT {
    static IntStream majors() {
        return Thoroughness.majors();
    }

    @ParameterizedTest(name = "Postgres {0}")
    @MethodSource("majors")
    void firstPassTailDeletesRestartAndDropWorkThroughIt(int major) throws Exception {
        try (StripeSync sync = new StripeSync(major);
                PgBouncer pooler = PgBouncer.before(sync.server, sync.user(), sync.password())) {
            sync.through(pooler.host(), pooler.port());
            StripeData data = sync.stripe.data();
            // enough for COPY into a fresh table, and for COPY into a temporary one
            data.seed(31, 1500, 200, 2500);
            sync.start();
            sync.awaitLive();
            sync.awaitTruth();

            Random random = new Random(32);
            data.churn(random, 150);
            data.randomLive(StripeObjectType.CUSTOMER, random)
                    .ifPresent(id -> data.delete(StripeObjectType.CUSTOMER, id));
            sync.awaitTruth();

            sync.remove();
            // the first pass again, now beside what is there: by COPY into temporary tables
            sync.sql(
                    "update \"stripe it\"._sync_table set phase = 'FIRST_PASS'; delete from \"stripe it\"._sync_state");
            data.churn(random, 50);
            sync.start();
            sync.awaitLive();
            sync.awaitTruth();
            assertThat(sync.crashes).isEmpty();

            sync.restart(Duration.ofMillis(300));
            data.create(StripeObjectType.CHARGE);
            sync.awaitTruth();
            sync.remove();
            sync.drop();
            assertThat(sync.value("select count(*) from pg_namespace where nspname = 'stripe it'"))
                    .isEqualTo("0");
            assertThat(pooler.log()).doesNotContain("unsupported startup parameter");
        }
    }

    @ParameterizedTest(name = "Postgres {0}")
    @MethodSource("majors")
    void resyncsThroughItDeleteOrMarkWhatTheSourceDoesNotHave(int major) throws Exception {
        try (StripeSync sync = new StripeSync(major);
                PgBouncer pooler = PgBouncer.before(sync.server, sync.user(), sync.password())) {
            sync.through(pooler.host(), pooler.port());
            sync.stripe.data().seed(33, 600, 10, 100);
            sync.start();
            sync.awaitLive();

            ResyncEngineIT.stray(sync, 5);
            sync.resync("deletes", DeleteGuard.USUAL);
            ResyncEngineIT.awaitHandled(sync, "deletes");
            assertThat(sync.value(ResyncEngineIT.STRAYS)).isEqualTo("0");
            sync.awaitTruth();

            ResyncEngineIT.stray(sync, 5);
            sync.rules = new WriteRules(Deletes.SOFT);
            sync.resync("marks", DeleteGuard.USUAL);
            ResyncEngineIT.awaitHandled(sync, "marks");
            assertThat(sync.value(ResyncEngineIT.STRAYS + " and _sync_deleted_at is not null"))
                    .isEqualTo("5");
            sync.awaitTruth(List.of(StripeObjectType.PRODUCT, StripeObjectType.CHARGE));
            assertThat(sync.crashes).isEmpty();
        }
    }
}

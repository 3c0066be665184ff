package io.sequin.engine.stripe;

import static org.awaitility.Awaitility.await;

import java.time.Duration;

/** What a Sync may leave in a database by mistake. */
final class LeftOpen {
    private static final Duration SOON = Duration.ofSeconds(60);

    private LeftOpen() {}

    /** Waits until no transaction of the Sync is open, and no temporary table is there. */
    static void awaitNothing(StripeSync sync) {
        await("open transactions, temporary tables")
                .atMost(SOON)
                .until(
                        () -> sync.value("select (select count(*) from pg_stat_activity where datname ="
                                + " current_database() and application_name like 'sequin%' and state <> 'idle') || ' '"
                                + " || (select count(*) from pg_class where relpersistence = 't')"),
                        "0 0"::equals);
    }
}

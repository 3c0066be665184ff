package io.sequin.engine.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sequin.Thoroughness;
import io.sequin.data.DeleteGuard;
import io.sequin.testkit.postgres.PostgresServer;
import io.sequin.testkit.stripe.StripeObjectType;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A re-sync of rows that did not change reads all of them and writes none. */
class UnchangedResyncIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final List<String> TABLES =
            StripeObjectType.core().stream().map(StripeObjectType::wireName).toList();

    static IntStream majors() {
        return Thoroughness.majors();
    }

    @ParameterizedTest(name = "Postgres {0}")
    @MethodSource("majors")
    void rewritesNothing(int major) throws Exception {
        try (StripeSync sync = new StripeSync(PostgresServer.sharedDurable(major))) {
            sync.stripe.data().seed(61, 2_000, 400, 3_000);
            sync.start();
            sync.awaitLive();
            sync.awaitTruth();
            letGo(sync);
            Map<String, String> rows = rows(sync);
            Map<String, String> written = written(sync);
            sync.stripe.requests().clear();

            sync.resync("t", DeleteGuard.USUAL);
            ResyncEngineIT.awaitHandled(sync, "t");
            letGo(sync);

            assertThat(sync.stripe.requests().count("/v1/charges"))
                    .as("pages of 100 that were read")
                    .isGreaterThanOrEqualTo(30);
            assertThat(rows(sync)).as("versions, places and times of the rows").isEqualTo(rows);
            assertThat(written(sync)).as("rows updated and deleted").isEqualTo(written);
            assertThat(sync.differences()).isEmpty();
            assertThat(sync.crashes).isEmpty();
        }
    }

    /** Ends the loop and its sessions: the server counts what a session has written at the latest when it ends. */
    private static void letGo(StripeSync sync) {
        String begun = "select coalesce(sum(n_tup_ins + n_tup_upd), 0) from pg_stat_user_tables where relname ="
                + " '_sync_writer'";
        long before = Long.parseLong(sync.value(begun));
        sync.remove();
        sync.sql("select pg_terminate_backend(pid) from pg_stat_activity where usename = '" + sync.user() + "'");
        await("the server has counted what was written")
                .atMost(SOON)
                .until(() -> Long.parseLong(sync.value(begun)) > before
                        && sync.value("select count(*) from pg_stat_activity where usename = '" + sync.user() + "'")
                                .equals("0"));
    }

    /** By table: a digest of what changes with any write of a row. */
    private static Map<String, String> rows(StripeSync sync) {
        Map<String, String> all = new TreeMap<>();
        TABLES.forEach(table -> all.put(
                table,
                sync.value("select count(*) || ' ' || md5(string_agg(concat_ws(' ', id, xmin, ctid, _sync_updated_at),"
                        + " '|' order by id)) from \"stripe it\"." + table)));
        return all;
    }

    private static Map<String, String> written(StripeSync sync) {
        Map<String, String> all = new TreeMap<>();
        TABLES.forEach(table -> all.put(
                table,
                sync.value("select n_tup_ins || ' ' || n_tup_upd || ' ' || n_tup_del from pg_stat_user_tables where"
                        + " schemaname = 'stripe it' and relname = '" + table + "'")));
        return all;
    }
}

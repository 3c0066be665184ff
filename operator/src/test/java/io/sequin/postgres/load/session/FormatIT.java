package io.sequin.postgres.load.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sequin.OnPostgres;
import io.sequin.data.Change;
import io.sequin.data.LaneId;
import io.sequin.data.RowKey;
import io.sequin.data.TablePhase;
import io.sequin.postgres.Identifier;
import io.sequin.postgres.load.Claim;
import io.sequin.postgres.load.DestinationSession;
import io.sequin.postgres.load.LaneState;
import io.sequin.postgres.load.Place;
import io.sequin.postgres.load.Stripe;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What happens when a later version of the operator takes a schema over. */
class FormatIT {
    private static final String COLUMNS = """
            select c.relname, c.relpersistence, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
                   pg_get_expr(d.adbin, d.adrelid), (select count(*) from pg_index i where i.indrelid = c.oid)
              from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0
              left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
             where c.relnamespace = '%s'::regnamespace and c.relkind = 'r' and c.relname like '\\_sync\\_%%'
             order by 1, 3""";

    /** The state as the first version made it, and what it held of one table. */
    private static final List<String> FIRST = List.of(
            """
            create table s._sync_writer (
              "one" boolean primary key default true check ("one"), "format" integer not null, "owner" jsonb not null,
              "storage_id" uuid not null, "token" uuid not null, "next_event" bigint not null default 1)""",
            """
            create table s._sync_state (
              "lane" text primary key, "seq" bigint not null, "checkpoint" jsonb not null,
              "seen" bigint not null default 0, "pass" bigint not null default 0,
              "updated_at" timestamptz not null default now())""",
            """
            create table s._sync_table (
              "name" text primary key, "columns" jsonb not null, "phase" text not null,
              "rows" bigint not null default 0, "last_change" timestamptz)""",
            """
            insert into s._sync_writer values (true, 1,
              '{"cluster": "cluster-a", "namespace": "team", "name": "stripe", "uid": "uid-1", "source": "stripe", "account": "acct_1", "renewedAt": "2026-11-22T10:00:00Z"}',
              '5b1e0000-0000-0000-0000-000000000001', '5b1e0000-0000-0000-0000-000000000002', 7)""",
            "insert into s._sync_state values ('events', 41, '{\"cursor\": \"evt_9\"}')",
            "insert into s._sync_table values ('charge', '[]', 'LIVE', 12, '2026-11-22T10:00:00Z')");

    private static void makeFirst(Place place) {
        place.run("set role " + Identifier.quote(place.user()) + "; create schema s; " + String.join("; ", FIRST));
    }

    @OnPostgres({10, 14, 15, 18})
    void stateOfTheFirstFormatIsBroughtToThisOneAndSaysTheSame(int major) {
        try (Place place = Place.on(major)) {
            try (DestinationSession session = place.session("fresh")) {
                session.take(Place.owner("cluster-a", "team", "fresh", "uid-2"), Place.ACCOUNT);
            }
            makeFirst(place);
            try (DestinationSession session = place.session("s")) {
                Claim claim = session.take(Place.OWNER, Place.ACCOUNT);
                assertThat(claim.storageId()).isEqualTo("5b1e0000-0000-0000-0000-000000000001");
                assertThat(claim.lanes().values()).singleElement().satisfies(lane -> {
                    assertThat(lane.seq()).isEqualTo(41);
                    assertThat(lane.checkpoint().json().text()).contains("evt_9");
                });
                assertThat(claim.tables().values())
                        .singleElement()
                        .satisfies(table -> assertThat(table.rows()).isEqualTo(12));
            }
            assertThat(place.rows(COLUMNS.formatted("s"))).isEqualTo(place.rows(COLUMNS.formatted("fresh")));
            assertThat(place.rows("select format, next_event from s._sync_writer"))
                    .isEqualTo(List.of("3|7"));
        }
    }

    @OnPostgres({10, 18})
    void deletesThatTheFirstFormatKeptInALaneAreDirtyKeys(int major) {
        try (Place place = Place.on(major)) {
            makeFirst(place);
            place.run("insert into s._sync_state values"
                    + " ('refused-deletes:charge', 3, '[[\"b\"], [\"c\", \"d\"]]'), ('refused-deletes:x', 1, '[]')");
            try (DestinationSession session = place.session("s")) {
                Claim claim = session.take(Place.OWNER, Place.ACCOUNT);
                assertThat(claim.dirty()).isEqualTo(Map.of("charge", 2L));
                assertThat(claim.lanes()).containsOnlyKeys(new LaneId("events"));
                assertThat(session.dirtyKeys("charge", 10))
                        .containsExactly(
                                new Change.Hint("charge", RowKey.of("b"), true),
                                new Change.Hint("charge", new RowKey(List.of("c", "d")), true));
            }
        }
    }

    /** A table as the first version made and filled it: one name is its own, and the last row has a field without a column. */
    private static final List<String> FILLED =
            List.of("""
            create table s.charge (
              "id" text, "amount" bigint, "created" timestamp with time zone, "payer" text, "metadata" jsonb,
              "paid" boolean, "_sync_updated_at" timestamp with time zone not null default now(),
              "_sync_deleted_at" timestamp with time zone, "_sync_extra" jsonb, primary key ("id"))""", """
            insert into s.charge (id, amount, created, payer, metadata, paid, _sync_extra)
            select 'ch_' || i, 1, to_timestamp(1700000000), 'cus_1', '{"a": 1}', true,
                   case when i = 3 then '{"status": "open"}'::jsonb end
              from generate_series(0, 3) i""", """
            update s._sync_table set "rows" = 4, "columns" = '[
              {"name": "id", "field": "id", "type": "text", "key": true},
              {"name": "amount", "field": "amount", "type": "bigint", "key": false},
              {"name": "created", "field": "created", "type": "timestamp with time zone", "key": false},
              {"name": "payer", "field": "customer", "type": "text", "key": false},
              {"name": "metadata", "field": "metadata", "type": "jsonb", "key": false},
              {"name": "paid", "field": "paid", "type": "boolean", "key": false}]'""", "insert into s._sync_state values ('backfill:charge', 7, '{\"at\": 7}')");

    private static final String ROWS =
            "select id, amount, payer, metadata, paid, _sync_extra from s.charge order by id";

    /** A row that is written, or locked, has others. */
    private static final String VERSIONS = "select id, xmin, xmax, ctid from s.charge where id <> 'ch_0' order by id";

    @ParameterizedTest
    @CsvSource({"10, LIVE", "14, FIRST_PASS", "15, FIRST_PASS", "18, LIVE"})
    void aTableOfTheFirstFormatIsKeptRowByRowAndGoneOnWithFromItsCheckpoint(int major, TablePhase phase) {
        try (Place place = Place.on(major);
                DestinationSession session = place.session("s")) {
            makeFirst(place);
            place.run("set role " + Identifier.quote(place.user()) + "; " + String.join("; ", FILLED)
                    + "; update s._sync_table set \"phase\" = '" + phase + "'");
            List<String> versions = place.rows(VERSIONS);
            LaneState lane = session.take(Place.OWNER, Place.ACCOUNT).lanes().get(Stripe.LANE);
            assertThat(lane).isEqualTo(new LaneState(7, Stripe.checkpoint(7)));

            assertThat(Stripe.whole(session, Stripe.charge()).rows()).isEqualTo(4);
            Change same = Stripe.upsert("charge", "ch_3", """
                    {"id":"ch_3","amount":1,"created":1700000000,"customer":"cus_1","metadata":{"a":1},"paid":true,\
                    "status":"open"}""");
            assertThat(session.commit(Stripe.batch(7, List.of(Stripe.charge("ch_1", 1), same)))
                            .changed())
                    .as("rows that say the same")
                    .isZero();
            assertThat(place.rows(VERSIONS)).isEqualTo(versions);
            session.commit(Stripe.batch(8, List.of(Stripe.charge("ch_1", 5), Stripe.charge("ch_4", 5))));
            assertThat(session.commit(Stripe.batch(9, List.of(Stripe.delete("ch_0"))))
                            .lane())
                    .isEqualTo(new LaneState(10, Stripe.checkpoint(10)));

            String rest = "|cus_1|{\"a\": 1}|t|";
            assertThat(place.rows(ROWS))
                    .containsExactly(
                            "ch_1|5" + rest + "null",
                            "ch_2|1" + rest + "null",
                            "ch_3|1" + rest + "{\"status\": \"open\"}",
                            "ch_4|5" + rest + "null");
            assertThat(place.rows("select \"rows\", phase from s._sync_table")).containsExactly("4|" + phase);
        }
    }

    /** Its last statements before each commit. */
    private static final String OLD_FENCE =
            "select 1 from s._sync_writer where token = '5b1e0000-0000-0000-0000-000000000002' for share";

    private static final String OLD_STEP = "update s._sync_state set seq = seq + 1 where lane = 'events' and seq = 41";

    @OnPostgres({10, 18})
    void theWriterOfTheFirstFormatCanNotCommitAfterwards(int major) throws Exception {
        try (Place place = Place.on(major);
                Connection old = place.connect();
                Statement statement = old.createStatement()) {
            makeFirst(place);
            old.setAutoCommit(false);
            try (ResultSet mine = statement.executeQuery(OLD_FENCE)) {
                assertThat(mine.next()).as("before, the schema is its own").isTrue();
            }
            old.rollback();
            try (DestinationSession session = place.session("s")) {
                session.take(Place.OWNER, Place.ACCOUNT);
            }
            try (ResultSet mine = statement.executeQuery(OLD_FENCE)) {
                assertThat(mine.next()).as("the schema is its own").isFalse();
            }
        }
    }

    @OnPostgres({10, 18})
    void whatTheWriterOfTheFirstFormatIsAboutToCommitIsWaitedForAndKept(int major) throws Exception {
        try (Place place = Place.on(major);
                DestinationSession session = place.session("s");
                Connection old = place.connect();
                Statement statement = old.createStatement()) {
            makeFirst(place);
            old.setAutoCommit(false);
            assertThat(statement.executeUpdate(OLD_STEP)).isEqualTo(1);
            statement.execute(OLD_FENCE);
            FutureTask<Claim> take = new FutureTask<>(() -> session.take(Place.OWNER, Place.ACCOUNT));
            Thread.startVirtualThread(take);
            await("the take waits")
                    .atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> place.value("select count(*) from pg_stat_activity where datname = current_database()"
                                    + " and wait_event_type = 'Lock'")
                            .equals("1"));
            old.commit();
            assertThat(take.get(60, TimeUnit.SECONDS).lanes().values())
                    .singleElement()
                    .satisfies(lane -> assertThat(lane.seq()).isEqualTo(42));
        }
    }

    @OnPostgres(18)
    void whatCanBeDoneWithoutIsMadeAnewWhereSomebodyDroppedIt(int major) {
        try (Place place = Place.on(major)) {
            for (int time = 0; time < 2; time++) {
                try (DestinationSession session = place.session("s")) {
                    session.take(Place.OWNER, Place.ACCOUNT);
                }
                assertThat(place.value("select count(*) from pg_class where relname in ('_sync_error', '_sync_seen')"))
                        .isEqualTo("2");
                place.run("drop table s._sync_error, s._sync_seen");
            }
        }
    }
}

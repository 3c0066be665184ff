package io.sequin.postgres.load.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.sequin.OnPostgres;
import io.sequin.data.Owner;
import io.sequin.postgres.Identifier;
import io.sequin.postgres.PostgresException;
import io.sequin.postgres.PostgresProblem;
import io.sequin.postgres.load.DestinationSession;
import io.sequin.postgres.load.Place;
import io.sequin.postgres.load.Stripe;
import io.sequin.postgres.schema.Dropped;
import io.sequin.postgres.schema.LeftBehind;
import io.sequin.postgres.schema.StateTables;
import io.sequin.postgres.schema.WriteTimeouts;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The data of a deleted Sync leaves the database, and nothing else does. */
class DropIT {
    private static final String RELATIONS =
            "select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace"
                    + " where n.nspname = '%s' and c.relkind <> 'i' order by 1";

    private static Dropped drop(Place place, String schema) {
        try (DestinationSession session = place.session(schema)) {
            return session.drop(Place.OWNER);
        }
    }

    /** A schema with a table that has rows. */
    private static void filled(Place place, String schema) {
        try (DestinationSession session = Stripe.live(place, schema, Stripe.charge())) {
            session.commit(Stripe.batch(1, Stripe.charges(0, 3, 5)));
        }
    }

    private static boolean schemaExists(Place place, String schema) {
        return place.value("select exists (select from pg_namespace where nspname = '" + schema + "')")
                .equals("t");
    }

    @OnPostgres({10, 15, 18})
    void allOfOursGoesAndTheSchemaThatWeMadeToo(int major) {
        try (Place place = Place.on(major)) {
            filled(place, "s");
            assertThat(drop(place, "s")).isEqualTo(Dropped.NOTHING);
            assertThat(schemaExists(place, "s")).isFalse();
            assertThat(drop(place, "s")).isEqualTo(Dropped.NOTHING);
        }
    }

    @OnPostgres(18)
    void aSchemaThatWasThereBeforeUsStays(int major) {
        try (Place place = Place.on(major)) {
            place.run("create schema s authorization " + Identifier.quote(place.user()));
            filled(place, "s");
            assertThat(drop(place, "s")).isEqualTo(Dropped.NOTHING);
            assertThat(schemaExists(place, "s")).isTrue();
            assertThat(place.rows(RELATIONS.formatted("s"))).isEmpty();
        }
    }

    @OnPostgres({10, 18})
    void whatOthersMadeStaysAndSoDoesTheTableThatItNeeds(int major) {
        try (Place place = Place.on(major)) {
            filled(place, "s");
            place.run(
                    "create schema reporting; create view reporting.mrr as select id from s.charge;"
                            + " create table reporting.note (charge text references s.charge (id));"
                            + " create table s.mine (n integer); create function s.f() returns integer language sql as 'select 1'");
            Dropped dropped = drop(place, "s");
            assertThat(dropped.schemaStays()).isTrue();
            assertThat(dropped.kept())
                    .containsExactly(new Dropped.Kept(
                            "charge",
                            List.of("constraint note_charge_fkey on table reporting.note", "view reporting.mrr")));
            assertThat(place.rows(RELATIONS.formatted("s"))).containsExactly("charge", "mine");
            assertThat(place.value("select count(*) from reporting.mrr")).isEqualTo("3");
            String cure = LeftBehind.rest("s", dropped).orElseThrow().sql();
            assertThatThrownBy(() -> place.run(cure)).hasStackTraceContaining("depend");
            place.run("drop view reporting.mrr; drop table reporting.note; drop table s.mine; drop function s.f()");
            place.run(cure);
            assertThat(schemaExists(place, "s")).isFalse();
        }
    }

    @OnPostgres(18)
    void aTableThatWasGivenToAnotherRoleIsNotOursAnyMore(int major) {
        try (Place place = Place.on(major)) {
            filled(place, "s");
            place.run("alter table s.charge owner to postgres");
            assertThat(drop(place, "s")).isEqualTo(new Dropped(List.of(), true));
            assertThat(place.rows(RELATIONS.formatted("s"))).containsExactly("charge");
        }
    }

    @OnPostgres(18)
    void theSchemaOfAnotherUidIsLeftAlone(int major) {
        try (Place place = Place.on(major)) {
            filled(place, "s");
            Owner again = Place.owner("cluster-a", "team", "stripe", "uid-2");
            Owner elsewhere = Place.owner("cluster-b", "team", "stripe", "uid-1");
            try (DestinationSession session = place.session("s")) {
                assertThat(session.drop(again)).isEqualTo(Dropped.NOTHING);
                assertThat(session.drop(elsewhere)).isEqualTo(Dropped.NOTHING);
            }
            assertThat(place.value("select count(*) from s.charge")).isEqualTo("3");
        }
    }

    @OnPostgres(18)
    void aWriterThatStillRunsCommitsNothingAfterwards(int major) {
        try (Place place = Place.on(major);
                DestinationSession writer = Stripe.live(place, "s", Stripe.charge())) {
            writer.commit(Stripe.batch(1, Stripe.charges(0, 3, 5)));
            drop(place, "s");
            assertThat(catchThrowableOfType(
                                    PostgresException.class,
                                    () -> writer.commit(Stripe.batch(2, Stripe.charges(3, 3, 5))))
                            .problem()
                            .code())
                    .isIn(PostgresProblem.STORAGE_MISSING, PostgresProblem.FENCED_OUT);
            assertThat(schemaExists(place, "s")).isFalse();
        }
    }

    @OnPostgres(18)
    void aTableThatSomebodyReadsIsATransientTroubleAndTheRestIsDroppedAtTheNextTry(int major) throws Exception {
        try (Place place = Place.on(major)) {
            filled(place, "s");
            WriteTimeouts hasty =
                    new WriteTimeouts(Duration.ofMillis(300), Duration.ofSeconds(50), Duration.ofSeconds(60));
            try (Connection reader = place.connect();
                    Statement statement = reader.createStatement();
                    DestinationSession session = place.session("s", hasty)) {
                reader.setAutoCommit(false);
                statement.execute("select count(*) from s.charge");
                assertThat(catchThrowableOfType(PostgresException.class, () -> session.drop(Place.OWNER))
                                .problem()
                                .code())
                        .isEqualTo(PostgresProblem.LOCK_TIMEOUT);
            }
            assertThat(place.value("select count(*) from s._sync_table")).isEqualTo("1");
            assertThat(drop(place, "s")).isEqualTo(Dropped.NOTHING);
            assertThat(schemaExists(place, "s")).isFalse();
        }
    }

    @OnPostgres(18)
    void whoIsKilledBetweenTwoTablesBeginsAgainAndFindsWhatIsLeft(int major) {
        try (Place place = Place.on(major)) {
            filled(place, "s");
            // what a kill after the first table's transaction leaves
            place.run("drop table s.charge; delete from s._sync_table where name = 'charge'");
            assertThat(drop(place, "s")).isEqualTo(Dropped.NOTHING);
            assertThat(schemaExists(place, "s")).isFalse();

            filled(place, "s");
            place.run("drop table s.charge");
            assertThat(drop(place, "s")).isEqualTo(Dropped.NOTHING);
            assertThat(schemaExists(place, "s")).isFalse();
        }
    }

    @OnPostgres(18)
    void aConnectionThatIsCutInTheMiddleLeavesWhatTheNextTryNeeds(int major) throws Exception {
        try (Place place = Place.on(major)) {
            filled(place, "s");
            try (Connection blocker = place.connect();
                    Statement statement = blocker.createStatement()) {
                blocker.setAutoCommit(false);
                statement.execute("lock table s._sync_state in access share mode");
                CompletableFuture<PostgresException> cut = CompletableFuture.supplyAsync(
                        () -> catchThrowableOfType(PostgresException.class, () -> drop(place, "s")),
                        Thread::startVirtualThread);
                String waiting =
                        " from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> place.value("select count(*)" + waiting).equals("1"));
                place.value("select pg_terminate_backend(pid)" + waiting);
                assertThat(cut.get(30, TimeUnit.SECONDS).problem().code()).isEqualTo(PostgresProblem.CONNECTION_LOST);
            }
            assertThat(place.rows(RELATIONS.formatted("s"))).containsExactlyInAnyOrderElementsOf(StateTables.ALL);
            assertThat(drop(place, "s")).isEqualTo(Dropped.NOTHING);
            assertThat(schemaExists(place, "s")).isFalse();
        }
    }

    @OnPostgres({10, 15, 18})
    void thePrintedStatementDropsTheSame(int major) throws Exception {
        String schema = "o'dd $drop$ \"s\" \\";
        try (Place place = Place.on(major)) {
            filled(place, schema);
            try (Connection connection = place.connect();
                    Statement statement = connection.createStatement()) {
                statement.execute(
                        LeftBehind.everything(schema, Place.OWNER.sync().uid()).sql());
            }
            assertThat(place.value("select count(*) from pg_namespace where nspname like 'o%dd%'"))
                    .isEqualTo("0");
        }
    }

    @OnPostgres({10, 18})
    void thePrintedStatementDropsNothingOfAnotherSync(int major) {
        String schema = "o'dd $drop$ 100% \"s\" \\";
        try (Place place = Place.on(major)) {
            filled(place, schema);
            for (String uid : List.of("uid-2", "u'id $drop$ \"\\", "")) {
                String sql = LeftBehind.everything(schema, uid).sql();
                assertThatThrownBy(() -> place.run(sql))
                        .hasStackTraceContaining("schema " + schema + " belongs to another Sync: nothing is dropped");
            }
            assertThat(place.value("select count(*) from " + Identifier.quote(schema, "charge")))
                    .isEqualTo("3");
        }
    }

    @OnPostgres({10, 18})
    void thePrintedStatementDropsNothingOfOtherRoles(int major) {
        String schema = "o'dd $drop$ \"s\" \\";
        String quoted = Identifier.quote(schema);
        try (Place place = Place.on(major)) {
            filled(place, schema);
            place.run("drop table " + quoted + ".charge; create table " + quoted
                    + ".charge as select 'precious' as mine;" + " create table " + quoted + "._sync_notes (n integer)");
            String sql = LeftBehind.everything(schema, Place.OWNER.sync().uid()).sql();
            assertThatThrownBy(() -> place.run(sql))
                    .as("as a superuser, who could")
                    .hasStackTraceContaining("depend");
            assertThat(place.value("select mine from " + quoted + ".charge")).isEqualTo("precious");
            int schemaToo = sql.lastIndexOf("drop schema");
            place.run(sql.substring(0, schemaToo));
            assertThat(place.rows("select relname from pg_class c join pg_namespace n on n.oid = c.relnamespace"
                            + " where n.nspname like 'o%dd%' and relkind = 'r' order by 1"))
                    .containsExactly("_sync_notes", "charge");
            place.run("drop table " + quoted + ".charge, " + quoted + "._sync_notes; " + sql.substring(schemaToo));
            assertThat(place.value("select count(*) from pg_namespace where nspname like 'o%dd%'"))
                    .isEqualTo("0");
        }
    }
}

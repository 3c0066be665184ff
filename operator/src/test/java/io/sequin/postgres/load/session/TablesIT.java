package io.sequin.postgres.load.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sequin.OnPostgres;
import io.sequin.data.Change;
import io.sequin.data.Column;
import io.sequin.data.ColumnType;
import io.sequin.data.Encoding;
import io.sequin.data.Json;
import io.sequin.data.LaneId;
import io.sequin.data.Problem;
import io.sequin.data.RowKey;
import io.sequin.data.TablePhase;
import io.sequin.data.TableShape;
import io.sequin.postgres.Identifier;
import io.sequin.postgres.PostgresException;
import io.sequin.postgres.PostgresProblem;
import io.sequin.postgres.TableException;
import io.sequin.postgres.load.DestinationSession;
import io.sequin.postgres.load.LaneState;
import io.sequin.postgres.load.Place;
import io.sequin.postgres.load.Stripe;
import io.sequin.postgres.load.TableStatus;
import io.sequin.postgres.schema.WriteTimeouts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables: created, grown, healed; never taken from others. */
class TablesIT {
    private static final Set<LaneId> FILLS = Set.of(Stripe.LANE);

    @OnPostgres({10, 15, 18})
    void aTableHasKeyColumnsAndBookkeeping(int major) {
        try (Place place = Place.on(major);
                DestinationSession session = place.taken("s")) {
            assertThat(session.ensure(Stripe.charge(), FILLS))
                    .isEqualTo(new TableStatus(TablePhase.FIRST_PASS, 0, Optional.empty()));
            assertThat(place.rows("select attname, format_type(atttypid, atttypmod), attnotnull from pg_attribute"
                            + " where attrelid = 's.charge'::regclass and attnum > 0 order by attnum"))
                    .containsExactly(
                            "id|text|t",
                            "amount|bigint|f",
                            "created|timestamp with time zone|f",
                            "customer_id|text|f",
                            "metadata|jsonb|f",
                            "paid|boolean|f",
                            "_sync_updated_at|timestamp with time zone|t",
                            "_sync_deleted_at|timestamp with time zone|f",
                            "_sync_extra|jsonb|f");
            assertThat(place.value("select pg_get_constraintdef(oid) from pg_constraint"
                            + " where conrelid = 's.charge'::regclass and contype = 'p'"))
                    .isEqualTo("PRIMARY KEY (id)");
            assertThat(place.value("select columns->1 from s._sync_table"))
                    .isEqualTo("{\"key\": false, \"name\": \"amount\", \"type\": \"bigint\", \"field\": \"amount\"}");
        }
    }

    @OnPostgres({10, 15, 18})
    void aShapeThatGrewAddsItsColumnsAndKeepsRowsAndViews(int major) {
        List<Column> more = new ArrayList<>(Stripe.charge().columns());
        more.add(new Column("fee", "fee", ColumnType.BIGINT, Encoding.PLAIN));
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
            session.commit(Stripe.batch(1, List.of(Stripe.upsert("charge", "a", "{\"fee\":1}"))));
            place.run("create view public.report as select id, amount from s.charge");
            assertThat(Stripe.whole(session, new TableShape("charge", more, List.of("id")))
                            .rows())
                    .isEqualTo(1);
            session.commit(Stripe.batch(2, List.of(Stripe.upsert("charge", "b", "{\"fee\":2}"))));
            assertThat(place.rows("select id, fee, _sync_extra from s.charge order by 1"))
                    .containsExactly("a|1|null", "b|2|null");
            assertThat(place.value("select count(*) from public.report")).isEqualTo("2");
            assertThat(place.value("select jsonb_array_length(columns) from s._sync_table"))
                    .isEqualTo("7");
            // the old shape does no harm
            session.ensure(Stripe.charge(), FILLS);
            assertThat(session.commit(Stripe.batch(3, List.of(Stripe.charge("c", 1))))
                            .changed())
                    .isEqualTo(1);
        }
    }

    @OnPostgres({10, 15, 18})
    void aTableThatSomebodyDroppedIsMadeAnewAndItsFirstPassBeginsAgain(int major) {
        try (Place place = Place.on(major)) {
            try (DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
                session.commit(Stripe.batch(1, Stripe.charges(0, 3, 5)));
                place.run("drop table s.charge");
            }
            try (DestinationSession session = place.taken("s")) {
                TableStatus status = session.ensure(Stripe.charge(), FILLS);
                assertThat(status).isEqualTo(new TableStatus(TablePhase.FIRST_PASS, 0, Optional.empty()));
                // in the same transaction: no crash can leave an empty table behind a lane at its end
                assertThat(place.value("select count(*) from s._sync_state")).isEqualTo("0");
                assertThat(session.begin(Map.of(Stripe.LANE, Stripe.START)))
                        .containsEntry(Stripe.LANE, new LaneState(0, Stripe.START));
                session.commit(Stripe.batch(0, Stripe.charges(0, 3, 5)));
                assertThat(place.value("select count(*) from s.charge")).isEqualTo("3");
            }
        }
    }

    @OnPostgres(18)
    void aTableThatIsThereKeepsItsLanes(int major) {
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
            session.ensure(Stripe.charge(), FILLS);
            assertThat(session.begin(Map.of(Stripe.LANE, Stripe.START)))
                    .containsEntry(Stripe.LANE, new LaneState(1, Stripe.checkpoint(1)));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "create table s.charge (id text primary key)",
                "create view s.charge as select 1 as id",
                "create materialized view s.charge as select 1 as id",
                "create sequence s.charge"
            })
    void somebodyElsesRelationIsAConflictOfThatTableAlone(String theirs) {
        try (Place place = Place.on(18);
                DestinationSession session = place.taken("s")) {
            place.run(theirs);
            TableException conflict =
                    catchThrowableOfType(TableException.class, () -> session.ensure(Stripe.charge(), FILLS));
            assertThat(conflict.problem().code()).isEqualTo(PostgresProblem.TABLE_CONFLICT);
            assertThat(conflict.table()).isEqualTo("charge");
            assertThat(conflict.problem().message()).contains("postgres");
            session.ensure(Stripe.charge("refund"), FILLS);
            assertThat(place.value("select count(*) from pg_class where oid = 's.charge'::regclass"))
                    .isEqualTo("1");
        }
    }

    @OnPostgres(18)
    void aTableOfOurUserThatWeDidNotRecordIsNotOursEither(int major) {
        try (Place place = Place.on(major);
                DestinationSession session = place.taken("s")) {
            place.run("create table s.charge (id text primary key); alter table s.charge owner to "
                    + Identifier.quote(place.user()));
            assertThat(catchThrowableOfType(TableException.class, () -> session.ensure(Stripe.charge(), FILLS))
                            .problem()
                            .code())
                    .isEqualTo(PostgresProblem.TABLE_CONFLICT);
        }
    }

    @OnPostgres(18)
    void aTableThatWasGivenAwayIsLeftAloneAndTheSqlBringsItBack(int major) {
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
            place.run("alter table s.charge owner to postgres");
            TableException conflict =
                    catchThrowableOfType(TableException.class, () -> session.ensure(Stripe.charge(), FILLS));
            assertThat(conflict.problem().code()).isEqualTo(PostgresProblem.TABLE_CONFLICT);
            place.run(conflict.problem().cure().getFirst().sql());
            session.ensure(Stripe.charge(), FILLS);
            assertThat(session.commit(Stripe.batch(1, Stripe.charges(0, 1, 1))).changed())
                    .isEqualTo(1);
        }
    }

    @OnPostgres(18)
    void aTableWithAnAlteredTypeIsNotCopiedIntoDirectly(int major) {
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.begun(place, "s", Stripe.charge())) {
            place.run("alter table s.charge alter column amount type numeric(20,2)");
            session.ensure(Stripe.charge(), FILLS);
            session.commit(Stripe.batch(0, Stripe.charges(0, 2_000, 7)));
            assertThat(place.rows("select distinct amount from s.charge")).containsExactly("7.00");
            assertThat(session.commit(Stripe.batch(1, Stripe.charges(0, 2_000, 7)))
                            .changed())
                    .isZero();
        }
    }

    @OnPostgres({10, 15, 18})
    void anyNameWorks(int major) {
        List<String> names = List.of(
                "x\"; drop schema s; --", "Größe \uD83D\uDD11", "select", "a.b", "$1 ? : %s \\ '", "_sync_stage_1");
        for (String name : names) {
            TableShape shape = new TableShape(
                    name,
                    List.of(
                            new Column("ID \"", "id", ColumnType.TEXT, Encoding.PLAIN),
                            new Column("order", "order", ColumnType.JSONB, Encoding.PLAIN),
                            new Column("t", "t", ColumnType.BIGINT, Encoding.PLAIN),
                            new Column("s", "s", ColumnType.BIGINT, Encoding.PLAIN)),
                    List.of("ID \""));
            try (Place place = Place.on(major);
                    DestinationSession session = Stripe.begun(place, name, shape)) {
                String table = Identifier.quote(name, name);
                session.commit(Stripe.batch(0, rows(name, 0, 10, 1)));
                session.commit(Stripe.batch(1, rows(name, 5, 15, 1)));
                session.commit(Stripe.batch(2, rows(name, 0, 2_000, 1)));
                List<Change> changes = new ArrayList<>(rows(name, 0, 500, 2));
                changes.add(new Change.Delete(name, RowKey.of("'\" 700")));
                assertThat(session.commit(Stripe.batch(3, changes)).changed()).isEqualTo(501);
                assertThat(place.rows(
                                "select t, s, \"order\", count(*) from " + table + " group by 1, 2, 3 order by 1"))
                        .containsExactly("1|1|{\"x\": [1]}|1499", "2|2|{\"x\": [2]}|500");
                assertThat(session.ensure(shape, FILLS).rows()).isEqualTo(1_999);
            }
        }
    }

    private static List<Change> rows(String table, int from, int to, int value) {
        List<Change> rows = new ArrayList<>();
        for (int i = from; i < to; i++) {
            String json = "{\"t\":" + value + ",\"s\":" + value + ",\"order\":{\"x\":[" + value + "]}}";
            rows.add(new Change.Upsert(table, RowKey.of("'\" " + i), Json.of(json)));
        }
        return rows;
    }

    @OnPostgres(18)
    void aConstraintOfTheUsersStopsTheTableByItsName(int major) {
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
            place.run("alter table s.charge add constraint \"small only\" check (amount < 10)");
            for (int rows : List.of(1, 2_000)) {
                TableException refused = catchThrowableOfType(
                        TableException.class, () -> session.commit(Stripe.batch(1, Stripe.charges(0, rows, 11))));
                assertThat(refused.problem().code()).isEqualTo(PostgresProblem.RECORD_REJECTED);
                assertThat(refused.problem().message())
                        .contains("\"small only\"")
                        .doesNotContain("11");
            }
            place.run("alter table s.charge drop constraint \"small only\"");
            assertThat(session.commit(Stripe.batch(1, Stripe.charges(0, 1, 11))).changed())
                    .isEqualTo(1);
        }
    }

    @OnPostgres({10, 18})
    void aForeignKeyThatTakesRowsOfAnotherSyncedTableAlongIsTold(int major) {
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
            session.ensure(Stripe.charge("refund"), FILLS);
            place.run("create table s.mine (charge text references s.charge on delete cascade)");
            place.run("alter table s.refund add constraint \"of\" foreign key (customer_id) references s.charge");
            assertThat(session.ensure(Stripe.charge(), FILLS).notices())
                    .as("a table of the user's own, and a key that refuses, which is told when it does")
                    .isEmpty();
            place.run("alter table s.refund drop constraint \"of\", add constraint \"of\" foreign key (customer_id)"
                    + " references s.charge on delete set null");
            List<Problem> notices = session.ensure(Stripe.charge(), FILLS).notices();
            assertThat(notices).extracting(Problem::code).containsExactly(PostgresProblem.DELETES_CASCADE);
            place.run(notices.getFirst().cure().getFirst().sql());
            assertThat(session.ensure(Stripe.charge(), FILLS).notices()).isEmpty();
        }
    }

    @OnPostgres(18)
    void aTableLockedBySomebodyIsALockTimeoutAndWorksLater(int major) throws Exception {
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.live(place, "s", Stripe.charge());
                DestinationSession hasty = place.session(
                        "s",
                        new WriteTimeouts(Duration.ofMillis(200), Duration.ofSeconds(20), Duration.ofSeconds(20)));
                var blocker = place.connect()) {
            session.commit(Stripe.batch(1, Stripe.charges(0, 1, 1)));
            hasty.take(Place.OWNER, Place.ACCOUNT);
            hasty.ensure(Stripe.charge(), FILLS);
            blocker.setAutoCommit(false);
            blocker.createStatement().execute("lock table s.charge in access exclusive mode");
            PostgresException locked = catchThrowableOfType(
                    PostgresException.class, () -> hasty.commit(Stripe.batch(2, Stripe.charges(0, 1, 2))));
            assertThat(locked.problem().code()).isEqualTo(PostgresProblem.LOCK_TIMEOUT);
            blocker.rollback();
            assertThat(hasty.commit(Stripe.batch(2, Stripe.charges(0, 1, 2))).changed())
                    .isEqualTo(1);
        }
    }
}

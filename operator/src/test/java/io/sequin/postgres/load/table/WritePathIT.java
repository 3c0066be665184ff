package io.sequin.postgres.load.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.OnPostgres;
import io.sequin.data.Change;
import io.sequin.data.Column;
import io.sequin.data.ColumnType;
import io.sequin.data.Encoding;
import io.sequin.data.Json;
import io.sequin.data.RowKey;
import io.sequin.data.TablePhase;
import io.sequin.data.TableShape;
import io.sequin.postgres.Identifier;
import io.sequin.postgres.load.Batch;
import io.sequin.postgres.load.Committed;
import io.sequin.postgres.load.DestinationSession;
import io.sequin.postgres.load.LaneState;
import io.sequin.postgres.load.Place;
import io.sequin.postgres.load.Stripe;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Rows, on each way into a table. */
class WritePathIT {
    private static final int LARGE = 3 * TableWriter.STAGING_ROWS / 2;

    private static long rows(Committed committed) {
        return Objects.requireNonNull(committed.tables().get("charge")).rows();
    }

    @OnPostgres({10, 15, 18})
    void insertsUpdatesAndDeletesAndCountsThemExactly(int major) {
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
            Committed first = session.commit(Stripe.batch(1, Stripe.charges(0, 3, 5)));
            assertThat(first.changed()).isEqualTo(3);
            assertThat(first.lane()).isEqualTo(new LaneState(2, Stripe.checkpoint(2)));
            assertThat(rows(first)).isEqualTo(3);

            Committed second = session.commit(Stripe.batch(
                    2,
                    List.of(
                            Stripe.charge("ch_0", 5),
                            Stripe.charge("ch_1", 7),
                            Stripe.charge("ch_3", 5),
                            Stripe.delete("ch_2"),
                            Stripe.delete("ch_unknown"))));
            assertThat(second.changed()).isEqualTo(3);
            assertThat(rows(second)).isEqualTo(3);
            assertThat(place.rows("select id, amount, extract(epoch from created)::bigint, customer_id, metadata, paid,"
                            + " _sync_extra, _sync_deleted_at from s.charge order by id"))
                    .containsExactly(
                            "ch_0|5|1700000000|cus_1|{\"a\": 1}|t|null|null",
                            "ch_1|7|1700000000|cus_1|{\"a\": 1}|t|null|null",
                            "ch_3|5|1700000000|cus_1|{\"a\": 1}|t|null|null");
            assertThat(place.value("select \"rows\" || ' ' || phase from s._sync_table where name = 'charge'"))
                    .isEqualTo("3 LIVE");
        }
    }

    @OnPostgres({10, 15, 18})
    void largeBatchesGoThroughStagingAndCountTheSame(int major) {
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
            session.commit(Stripe.batch(1, Stripe.charges(0, LARGE, 5)));
            List<Change> changes = new ArrayList<>(Stripe.charges(500, 500 + LARGE, 6));
            changes.add(Stripe.delete("ch_0"));
            Committed second = session.commit(Stripe.batch(2, changes));
            assertThat(second.changed()).isEqualTo(LARGE + 1);
            assertThat(rows(second)).isEqualTo(LARGE + 499);
            assertThat(place.value("select count(*) || ' ' || sum(amount) from s.charge"))
                    .isEqualTo((LARGE + 499) + " " + (499 * 5 + LARGE * 6));
        }
    }

    @OnPostgres({10, 15, 18})
    void aFreshTableTakesRowsDirectlyUntilAKeyComesTwice(int major) {
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.begun(place, "s", Stripe.charge())) {
            assertThat(session.commit(Stripe.batch(0, Stripe.charges(0, LARGE, 5)))
                            .changed())
                    .isEqualTo(LARGE);
            Committed repeated = session.commit(Stripe.batch(1, Stripe.charges(1_000, 1_000 + LARGE, 5)));
            assertThat(repeated.changed()).isEqualTo(1_000);
            assertThat(rows(repeated)).isEqualTo(1_000 + LARGE);
            assertThat(session.commit(Stripe.batch(2, Stripe.charges(0, 2, 6))).changed())
                    .isEqualTo(2);
        }
    }

    @OnPostgres({10, 15, 18})
    void rowsSentAgainAreNotWrittenAgain(int major) {
        for (int size : List.of(500, LARGE)) {
            try (Place place = Place.on(major);
                    DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
                session.commit(Stripe.batch(1, Stripe.charges(0, size, 5)));
                String versions =
                        "select md5(string_agg(xmin || ' ' || ctid || ' ' || _sync_updated_at, ',' order by id)) from s.charge";
                String before = place.value(versions);
                String lastChange = place.value("select last_change from s._sync_table");

                Committed again = session.commit(Stripe.batch(2, Stripe.charges(0, size, 5)));

                assertThat(again.changed()).isZero();
                assertThat(place.value(versions)).isEqualTo(before);
                assertThat(place.value("select last_change from s._sync_table")).isEqualTo(lastChange);
            }
        }
    }

    @OnPostgres({10, 15, 18})
    void onlyTheRowThatChangedIsWritten(int major) {
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
            session.commit(Stripe.batch(1, Stripe.charges(0, LARGE, 5)));
            List<Change> again = new ArrayList<>(Stripe.charges(0, LARGE, 5));
            again.set(7, Stripe.charge("ch_7", 6));
            assertThat(session.commit(Stripe.batch(2, again)).changed()).isEqualTo(1);
            assertThat(place.rows("select id from s.charge where _sync_updated_at ="
                            + " (select max(_sync_updated_at) from s.charge)"))
                    .containsExactly("ch_7");
        }
    }

    @OnPostgres({10, 15, 18})
    void ofSeveralChangesOfOneKeyTheLastCounts(int major) {
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
            session.commit(Stripe.batch(1, Stripe.charges(0, 2, 1)));
            List<Change> changes = new ArrayList<>(Stripe.charges(100, 100 + LARGE, 1));
            changes.addAll(Stripe.charges(100, 100 + LARGE, 2));
            changes.add(Stripe.charge("ch_0", 9));
            changes.add(Stripe.delete("ch_0"));
            changes.add(Stripe.delete("ch_1"));
            changes.add(Stripe.charge("ch_1", 9));
            Committed committed = session.commit(Stripe.batch(2, changes));
            assertThat(committed.changed()).isEqualTo(LARGE + 2);
            assertThat(place.rows("select amount, count(*) from s.charge group by 1 order by 1"))
                    .containsExactly("2|" + LARGE, "9|1");
        }
    }

    @OnPostgres({10, 15, 18})
    void valuesThatDoNotFitAreKeptInTheOverflowColumn(int major) {
        for (String schema : List.of("direct", "merged")) {
            try (Place place = Place.on(major);
                    DestinationSession session = schema.equals("direct")
                            ? Stripe.begun(place, schema, Stripe.charge())
                            : Stripe.live(place, schema, Stripe.charge())) {
                String json = """
                        {"id":"ch_1","amount":"12","created":99999999999999,"customer":{"id":"cus_2","object":"customer"},
                         "metadata":null,"paid":"yes","fee" : {"a":[1, 9223372036854775808]}}""";
                session.commit(
                        Stripe.batch(schema.equals("direct") ? 0 : 1, List.of(Stripe.upsert("charge", "ch_1", json))));
                assertThat(place.rows("select amount, created, customer_id, metadata, paid, _sync_extra from " + schema
                                + ".charge"))
                        .containsExactly("null|null|cus_2|null|null|{\"fee\": {\"a\": [1, 9223372036854775808]},"
                                + " \"paid\": \"yes\", \"amount\": \"12\", \"created\": 99999999999999}");
            }
        }
    }

    @OnPostgres({10, 15, 18})
    void everyColumnTypeArrivesTheSameOnEachWay(int major) {
        List<Column> columns = new ArrayList<>();
        columns.add(new Column("id", "id", ColumnType.TEXT, Encoding.PLAIN));
        columns.add(new Column("no", "no", ColumnType.BIGINT, Encoding.PLAIN));
        columns.add(new Column("day", "day", ColumnType.DATE, Encoding.PLAIN));
        columns.add(new Column("at", "at", ColumnType.TIMESTAMPTZ, Encoding.PLAIN));
        columns.add(new Column("txt", "txt", ColumnType.TEXT, Encoding.PLAIN));
        columns.add(new Column("obj", "obj", ColumnType.JSONB, Encoding.PLAIN));
        String json = """
                {"day":"0001-01-01","at":"+10000-01-01T00:00:00.000001Z","txt":"tab\\t\\\\N\\r\\n'\\"{},ä😀","num":1e30,
                 "obj":{"k\\\\":"\\t\\\\\\"😀","n":null,"a":[{},[]]}}""";
        for (boolean numeric : List.of(false, true)) {
            if (numeric) {
                columns.add(new Column("num", "num", ColumnType.NUMERIC, Encoding.PLAIN));
            }
            TableShape shape = new TableShape("t", columns, List.of("id", "no"));
            try (Place place = Place.on(major);
                    DestinationSession session = Stripe.begun(place, "s", shape)) {
                Change.Upsert direct = new Change.Upsert("t", new RowKey(List.of("direct", "-1")), Json.of(json));
                session.commit(Stripe.batch(0, List.of(direct)));
                session.commit(new Batch(
                        Stripe.LANE,
                        1,
                        Stripe.START,
                        List.of(new Change.Upsert("t", new RowKey(List.of("bound", "-1")), Json.of(json))),
                        Map.of("t", TablePhase.LIVE),
                        Map.of()));
                List<Change> many = new ArrayList<>();
                for (int i = 0; i < LARGE; i++) {
                    many.add(new Change.Upsert("t", new RowKey(List.of("staged", "" + i)), Json.of(json)));
                }
                session.commit(Stripe.batch(2, many));
                assertThat(place.rows(
                                "select distinct day, at = '10000-01-01 00:00:00.000001+00', txt, obj," + " coalesce("
                                        + (numeric ? "num" : "null") + ", (_sync_extra->>'num')::numeric) from s.t"))
                        .containsExactly("0001-01-01|t|tab\t\\N\r\n'\"{},ä😀|{\"a\": [{}, []], \"n\": null, \"k\\\\\":"
                                + " \"\\t\\\\\\\"😀\"}|1000000000000000000000000000000");
                assertThat(session.commit(Stripe.batch(3, many)).changed()).isZero();
                Change gone = new Change.Delete("t", new RowKey(List.of("staged", "7")));
                assertThat(session.commit(Stripe.batch(4, List.of(gone))).changed())
                        .isEqualTo(1);
            }
        }
    }

    @OnPostgres(18)
    void severalTablesShareABatch(int major) {
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
            session.ensure(Stripe.charge("refund"), Set.of());
            List<Change> changes = new ArrayList<>(Stripe.charges(0, LARGE, 1));
            Stripe.charges(0, LARGE, 1).forEach(c -> changes.add(new Change.Upsert("refund", c.key(), c.object())));
            Committed committed = session.commit(Stripe.batch(1, changes));
            assertThat(committed.changed()).isEqualTo(2 * LARGE);
            assertThat(committed.tables()).containsOnlyKeys("charge", "refund");
        }
    }

    @OnPostgres({10, 15, 18})
    void withoutTheRightToTemporaryTablesLargeBatchesStillArrive(int major) {
        try (Place place = Place.on(major)) {
            place.run("revoke temporary on database " + Identifier.quote(place.database()) + " from "
                    + Identifier.quote(place.user()));
            try (DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
                assertThat(rows(session.commit(Stripe.batch(1, Stripe.charges(0, 2 * LARGE, 5)))))
                        .isEqualTo(2L * LARGE);
                assertThat(session.commit(Stripe.batch(2, Stripe.charges(0, 2 * LARGE, 5)))
                                .changed())
                        .isZero();
            }
        }
    }
}

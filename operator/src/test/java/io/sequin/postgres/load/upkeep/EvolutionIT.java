package io.sequin.postgres.load.upkeep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sequin.OnPostgres;
import io.sequin.data.Change;
import io.sequin.data.Column;
import io.sequin.data.ColumnType;
import io.sequin.data.Deletes;
import io.sequin.data.Encoding;
import io.sequin.data.Json;
import io.sequin.data.NewColumns;
import io.sequin.data.RowKey;
import io.sequin.data.TableShape;
import io.sequin.data.WriteRules;
import io.sequin.postgres.PostgresProblem;
import io.sequin.postgres.TableException;
import io.sequin.postgres.load.DestinationSession;
import io.sequin.postgres.load.Place;
import io.sequin.postgres.load.Stripe;
import io.sequin.postgres.load.TableStatus;
import java.util.ArrayList;
import java.util.List;

/** Tables whose columns change: by the source, and by others. */
class EvolutionIT {
    private static final WriteRules IGNORING = new WriteRules(Deletes.HARD, NewColumns.IGNORE);
    private static final String VERSIONS =
            "select md5(string_agg(xmin || ' ' || ctid || ' ' || _sync_updated_at, ',' order by id)) from s.charge";

    private static Column column(String name, ColumnType type) {
        return new Column(name, name, type, Encoding.PLAIN);
    }

    private static TableShape with(Column... more) {
        List<Column> columns = new ArrayList<>(Stripe.charge().columns());
        columns.addAll(List.of(more));
        return new TableShape("charge", columns, List.of("id"));
    }

    /** The shape of all that {@link #record} has. */
    private static TableShape grown() {
        return with(
                column("n", ColumnType.BIGINT),
                column("t", ColumnType.TEXT),
                column("rate", ColumnType.NUMERIC),
                column("day", ColumnType.DATE),
                column("flag", ColumnType.BOOLEAN),
                column("o", ColumnType.JSONB),
                new Column("at", "at", ColumnType.TIMESTAMPTZ, Encoding.EPOCH_SECONDS),
                new Column("other_id", "other", ColumnType.TEXT, Encoding.REFERENCE));
    }

    private static Change.Upsert record(int i) {
        String n = i % 7 == 0 ? "\"text\"" : i % 5 == 0 ? "null" : "" + i;
        return Stripe.upsert("charge", "ch_%06d".formatted(i), """
                {"amount":%d,"n":%s,"t":"a\\tb%d","rate":1.50,"day":"2024-02-29","flag":true,"o":{"k":[%d]},"at":1700000000,
                 "other":{"id":"x%d","more":1},"kept":%d}""".formatted(i, n, i, i, i, i));
    }

    private static List<Change> records(int count) {
        List<Change> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            records.add(record(i));
        }
        return records;
    }

    @OnPostgres({10, 14, 15, 18})
    void afterColumnsWereAddedTheNextPassRewritesNothing(int major) {
        int count = Promotion.CHUNK + 300;
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
            session.commit(Stripe.batch(1, records(count)));
            String times = "select md5(string_agg(_sync_updated_at::text, ',' order by id)) from s.charge";
            String before = place.value(times);
            Stripe.whole(session, grown());
            assertThat(place.value(times)).as("nothing changed at the source").isEqualTo(before);
            assertThat(place.rows(
                            "select n, t, rate, day, flag, o, at = to_timestamp(1700000000), other_id, _sync_extra"
                                    + " from s.charge where id in ('ch_000001', 'ch_000005', 'ch_000007') order by id"))
                    .containsExactly(
                            "1|a\tb1|1.50|2024-02-29|t|{\"k\": [1]}|t|x1|{\"kept\": 1}",
                            "null|a\tb5|1.50|2024-02-29|t|{\"k\": [5]}|t|x5|{\"kept\": 5}",
                            "null|a\tb7|1.50|2024-02-29|t|{\"k\": [7]}|t|x7|{\"n\": \"text\", \"kept\": 7}");
            assertThat(place.value("select promotion from s._sync_table")).isEqualTo("null");

            String versions = place.value(VERSIONS);
            assertThat(session.commit(Stripe.batch(2, records(count))).changed())
                    .isZero();
            assertThat(place.value(VERSIONS)).isEqualTo(versions);
        }
    }

    /** The server prints it with all its zeros, and a sign. */
    @OnPostgres({10, 14, 15, 18})
    void theLargestNumberMovesIntoItsColumn(int major) {
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
            session.commit(Stripe.batch(1, List.of(Stripe.upsert("charge", "ch_1", "{\"rate\":-1e131071}"))));
            Stripe.whole(session, with(column("rate", ColumnType.NUMERIC)));
            assertThat(place.rows("select rate = '-1e131071', _sync_extra from s.charge"))
                    .containsExactly("t|null");
        }
    }

    @OnPostgres({10, 18})
    void aValueThatIsInItsColumnAlreadyStaysThere(int major) {
        TableShape shape = with(column("b", ColumnType.BIGINT), column("c", ColumnType.BIGINT));
        try (Place place = Place.on(major)) {
            try (DestinationSession session = Stripe.live(place, "s", shape)) {
                session.commit(Stripe.batch(1, List.of(Stripe.upsert("charge", "ch_1", "{\"b\":\"text\",\"c\":5}"))));
            }
            place.run("update s.charge set _sync_extra = '{\"b\": 7}'");
            place.run("update s._sync_table set promotion = '{\"fields\": [\"b\", \"c\"], \"after\": []}'");
            try (DestinationSession session = place.taken("s")) {
                Stripe.whole(session, shape);
            }
            assertThat(place.rows("select b, c, _sync_extra from s.charge")).containsExactly("7|5|null");
        }
    }

    @OnPostgres({10, 18})
    void aColumnThatAnOlderVersionDidNotKnowForAWhileTakesWhatCameMeanwhile(int major) {
        TableShape newer = with(column("x", ColumnType.BIGINT));
        try (Place place = Place.on(major)) {
            try (DestinationSession session = Stripe.live(place, "s", newer)) {
                session.commit(Stripe.batch(1, sameOf("{\"x\":1}", "ch_1", "ch_2", "ch_3", "ch_4")));
            }
            try (DestinationSession session = place.taken("s")) {
                Stripe.whole(session, with());
                session.commit(Stripe.batch(2, sameOf("{\"x\":2}", "ch_1", "ch_5")));
                session.commit(Stripe.batch(3, sameOf("{\"x\":null}", "ch_2")));
                session.commit(Stripe.batch(4, sameOf("{\"x\":\"text\"}", "ch_3")));
            }
            for (int again = 0; again < 2; again++) {
                try (DestinationSession session = place.taken("s")) {
                    Stripe.whole(session, newer);
                }
                assertThat(place.rows("select id, x, _sync_extra from s.charge order by id"))
                        .containsExactly(
                                "ch_1|2|null",
                                "ch_2|null|null",
                                "ch_3|null|{\"x\": \"text\"}",
                                "ch_4|1|null",
                                "ch_5|2|null");
            }
            assertThat(place.value("select columns::text like '%idle%' from s._sync_table"))
                    .isEqualTo("f");
        }
    }

    private static List<Change> sameOf(String json, String... ids) {
        List<Change> records = new ArrayList<>();
        for (String id : ids) {
            records.add(Stripe.upsert("charge", id, json));
        }
        return records;
    }

    @OnPostgres({10, 18})
    void aConstraintThatCanNotFollowATypeKeepsItAndTheTableIsFilledAllTheSame(int major) {
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.live(place, "s", with(column("n", ColumnType.BIGINT)))) {
            session.commit(Stripe.batch(1, List.of(Stripe.upsert("charge", "ch_1", "{\"n\":5}"))));
            place.run("alter table s.charge add constraint positive check (n > 0)");
            TableStatus ensured = Stripe.whole(session, with(column("n", ColumnType.TEXT)));
            assertThat(ensured.notices()).singleElement().satisfies(problem -> {
                assertThat(problem.code()).isEqualTo(PostgresProblem.TYPE_DRIFT);
                assertThat(problem.message()).contains("\"n\"");
            });
            session.commit(Stripe.batch(2, List.of(Stripe.upsert("charge", "ch_2", "{\"n\":\"text\"}"))));
            assertThat(place.rows("select id, n, _sync_extra from s.charge order by id"))
                    .containsExactly("ch_1|5|null", "ch_2|null|{\"n\": \"text\"}");
        }
    }

    @OnPostgres(18)
    void aPromotionThatWasInterruptedGoesOnAtTheNextOpening(int major) {
        int count = 2 * Promotion.CHUNK + 10;
        try (Place place = Place.on(major)) {
            try (DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
                session.commit(Stripe.batch(1, records(count)));
            }
            // as it is after one chunk: the columns are there, rows up to a key are done
            try (DestinationSession session = place.taken("s")) {
                Stripe.whole(session, grown());
                place.run("update s.charge set t = null, _sync_extra = _sync_extra || jsonb_build_object('t', t)"
                        + " where id > 'ch_005000'");
                place.run("update s._sync_table set promotion = '{\"fields\": [\"t\"], \"after\": [\"ch_005000\"]}'");
            }
            try (DestinationSession session = place.taken("s")) {
                Stripe.whole(session, grown());
                assertThat(place.value("select count(*) from s.charge where t is null or _sync_extra ? 't'"))
                        .isEqualTo("0");
                assertThat(session.commit(Stripe.batch(2, records(count))).changed())
                        .isZero();
            }
        }
    }

    @OnPostgres({10, 18})
    void newColumnsCanBeIgnoredAndAddedLater(int major) {
        try (Place place = Place.on(major)) {
            try (DestinationSession session = Stripe.live(place, "s", Stripe.charge(), IGNORING)) {
                session.commit(Stripe.batch(1, List.of(record(1))));
                Stripe.whole(session, grown());
                session.commit(Stripe.batch(2, List.of(record(1), record(2))));
                assertThat(place.rows("select id, _sync_extra->>'n' from s.charge order by id"))
                        .containsExactly("ch_000001|1", "ch_000002|2");
                place.run("alter table s.charge drop column amount");
                Stripe.whole(session, grown());
                session.commit(Stripe.batch(3, List.of(record(2))));
                assertThat(place.value("select _sync_extra->>'amount' from s.charge where id = 'ch_000002'"))
                        .as("a column that is dropped for good")
                        .isEqualTo("2");
            }
            try (DestinationSession session = place.taken("s")) {
                Stripe.whole(session, grown());
                assertThat(place.rows("select id, n, amount from s.charge order by id"))
                        .containsExactly("ch_000001|1|null", "ch_000002|2|2");
            }
        }
    }

    @OnPostgres({10, 18})
    void aSuffixStaysWithItsFieldWhateverOrderTheSourceHas(int major) {
        Column one = new Column("v", "fooBar", ColumnType.TEXT, Encoding.PLAIN);
        Column two = new Column("v", "foo_bar", ColumnType.TEXT, Encoding.PLAIN);
        Change.Upsert row = Stripe.upsert("charge", "a", "{\"fooBar\":\"one\",\"foo_bar\":\"two\"}");
        try (Place place = Place.on(major)) {
            try (DestinationSession session = Stripe.live(place, "s", with(one, two))) {
                session.commit(Stripe.batch(1, List.of(row)));
                assertThat(place.rows("select v, v_2 from s.charge")).containsExactly("one|two");
            }
            try (DestinationSession session = place.taken("s")) {
                Stripe.whole(session, with(two, one));
                assertThat(session.commit(Stripe.batch(2, List.of(row))).changed())
                        .isZero();
            }
        }
    }

    @OnPostgres({10, 18})
    void namesThatPostgresHasForItselfAndLongOnesWork(int major) {
        List<String> names = List.of("xmin", "ctid", "tableoid", "oid", "_sync_extra", "ü".repeat(35), "camelCase");
        TableShape shape =
                with(names.stream().map(n -> column(n, ColumnType.BIGINT)).toArray(Column[]::new));
        StringBuilder json = new StringBuilder("{\"id\":\"a\"");
        names.forEach(name -> json.append(",\"").append(name).append("\":7"));
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.live(place, "s", shape)) {
            session.commit(Stripe.batch(1, List.of(new Change.Upsert("charge", RowKey.of("a"), Json.of(json + "}")))));
            assertThat(place.rows(
                            "select xmin_, ctid_, tableoid_, oid_, sync_extra, camel_case, _sync_extra from s.charge"))
                    .containsExactly("7|7|7|7|7|7|null");
        }
    }

    @OnPostgres({10, 18})
    void aTableThatIsReadForLongIsNotWaitedForLong(int major) throws Exception {
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.live(place, "s", Stripe.charge());
                var reader = place.connect()) {
            session.commit(Stripe.batch(1, List.of(record(1))));
            reader.setAutoCommit(false);
            reader.createStatement().execute("select * from s.charge");
            TableException locked = catchThrowableOfType(TableException.class, () -> Stripe.whole(session, grown()));
            assertThat(locked.problem().code()).isEqualTo(PostgresProblem.LOCK_TIMEOUT);
            assertThat(locked.table()).isEqualTo("charge");
            reader.rollback();
            Stripe.whole(session, grown());
            assertThat(place.value("select n from s.charge")).isEqualTo("1");
        }
    }
}

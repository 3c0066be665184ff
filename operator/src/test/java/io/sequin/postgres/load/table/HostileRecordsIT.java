package io.sequin.postgres.load.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sequin.OnPostgres;
import io.sequin.data.Change;
import io.sequin.data.Column;
import io.sequin.data.ColumnType;
import io.sequin.data.Encoding;
import io.sequin.data.LaneId;
import io.sequin.data.RowKey;
import io.sequin.data.TablePhase;
import io.sequin.data.TableShape;
import io.sequin.postgres.PostgresProblem;
import io.sequin.postgres.TableException;
import io.sequin.postgres.load.Batch;
import io.sequin.postgres.load.Committed;
import io.sequin.postgres.load.DestinationSession;
import io.sequin.postgres.load.DirtyMarks;
import io.sequin.postgres.load.Hostile;
import io.sequin.postgres.load.LaneState;
import io.sequin.postgres.load.Passes;
import io.sequin.postgres.load.Place;
import io.sequin.postgres.load.Stripe;
import io.sequin.postgres.load.row.Unfit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each kind of hostile record meets its rule, on each way that rows take. */
class HostileRecordsIT {
    private static final int LARGE = TableWriter.STAGING_ROWS + 200;

    /** One a version: to make one takes longer than what is tried on it. */
    private static final Map<Integer, Ground> GROUNDS = new TreeMap<>();

    @AfterAll
    static void close() {
        GROUNDS.values().forEach(Ground::close);
    }

    /** A database whose session goes on from test to test: each has tables of its own. */
    private static final class Ground implements AutoCloseable {
        private final Place place;
        private final DestinationSession session;
        private long seq;

        Ground(Place place) {
            this.place = place;
            this.session = place.taken("s");
            session.begin(Map.of(Stripe.LANE, Stripe.START));
        }

        /** A table of these columns; a fresh one takes rows directly. */
        void make(String table, TableShape like, boolean fresh) {
            session.ensure(new TableShape(table, like.columns(), like.primaryKey()), Set.of());
            if (!fresh) {
                commit(List.of(), Map.of(table, TablePhase.LIVE));
            }
        }

        Committed commit(List<Change> changes, Map<String, TablePhase> phases) {
            Committed done =
                    session.commit(new Batch(Stripe.LANE, seq, Stripe.checkpoint(seq + 1), changes, phases, Map.of()));
            seq++;
            return done;
        }

        void assertRule(String table, Hostile hostile, int size) {
            List<Change> changes = new ArrayList<>();
            Stripe.charges(0, size, 1).forEach(row -> changes.add(new Change.Upsert(table, row.key(), row.object())));
            changes.set(size - 2, new Change.Upsert(table, RowKey.of("bad"), hostile.record));
            Committed done = commit(changes, Map.of());
            String errors = " from s._sync_error where \"table\" = '" + table + "'";
            if (hostile.reason == null) {
                assertThat(done.changed()).isEqualTo(size);
                assertThat(place.value("select " + hostile.truth + " from s." + table + " where id = 'bad'"))
                        .isEqualTo("t");
                assertThat(place.value("select count(*)" + errors)).isEqualTo("0");
                return;
            }
            assertThat(done.changed()).as("the others are written").isEqualTo(size - 1);
            assertThat(Objects.requireNonNull(done.tables().get(table)).errors())
                    .isEqualTo(1);
            byte[] raw = hostile.record.text().getBytes(StandardCharsets.UTF_8);
            assertThat(place.rows("select key, reason, encode(record, 'hex')" + errors))
                    .containsExactly(
                            "{bad}|" + hostile.reason + "|" + HexFormat.of().formatHex(raw));
            assertThat(place.value("select message" + errors))
                    .doesNotContain(Hostile.CANARY)
                    .hasSizeLessThan(200);
        }

        @Override
        public void close() {
            session.close();
            place.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void onPostgres10(Hostile hostile) {
        everyWay(10, hostile);
    }

    @ParameterizedTest
    @EnumSource
    void onPostgres14(Hostile hostile) {
        everyWay(14, hostile);
    }

    @ParameterizedTest
    @EnumSource
    void onPostgres15(Hostile hostile) {
        everyWay(15, hostile);
    }

    @ParameterizedTest
    @EnumSource
    void onPostgres18(Hostile hostile) {
        everyWay(18, hostile);
    }

    private static void everyWay(int major, Hostile hostile) {
        Ground ground = GROUNDS.computeIfAbsent(major, version -> new Ground(Place.on(version)));
        for (int size : List.of(3, LARGE)) {
            for (boolean fresh : List.of(true, false)) {
                String table = hostile.name().toLowerCase(Locale.ROOT) + "_" + size + "_" + fresh;
                ground.make(table, Stripe.charge(), fresh);
                ground.assertRule(table, hostile, size);
            }
        }
    }

    @Test
    void theRulesInTheManualAreThese() throws IOException {
        String page = Files.readString(Path.of("../docs/tables.md"));
        String rules = page.substring(page.indexOf("## Hostile data"));
        assertThat(Stream.of(Hostile.values()).map(hostile -> hostile.kind).distinct())
                .allSatisfy(kind -> assertThat(rules).contains("\n| " + kind));
        assertThat(Stream.of(Unfit.values()).map(Unfit::reason))
                .allSatisfy(reason -> assertThat(rules).contains("`" + reason + "`"));
    }

    @OnPostgres({10, 14, 15, 18})
    void aTableThatGoesByTextSetsAsideToo(int major) {
        List<Column> columns = new ArrayList<>(Stripe.charge().columns());
        columns.add(new Column("rate", "rate", ColumnType.NUMERIC, Encoding.PLAIN));
        TableShape shape = new TableShape("charge", columns, List.of("id"));
        Ground ground = GROUNDS.computeIfAbsent(major, version -> new Ground(Place.on(version)));
        ground.make("by_text", shape, true);
        ground.assertRule("by_text", Hostile.HUGE_NUMBER, 5);
    }

    @OnPostgres({10, 18})
    void whatTheEncodingOfTheDatabaseLacksIsSetAside(int major) {
        try (Place place = Place.latin1(major)) {
            for (boolean fresh : List.of(true, false)) {
                try (DestinationSession session =
                        fresh ? Stripe.begun(place, "s", Stripe.charge()) : Stripe.live(place, "s", Stripe.charge())) {
                    session.commit(Stripe.batch(
                            fresh ? 0 : 1,
                            List.of(
                                    Stripe.charge("ch_1", 1),
                                    Stripe.upsert("charge", "bad_1", "{\"customer\":\"😀\"}"),
                                    Stripe.upsert("charge", "bad_2", "{\"metadata\":\"\\u4e00\"}"))));
                    assertThat(place.rows("select key, reason from s._sync_error order by key"))
                            .containsExactly("{bad_1}|CharacterNotStorable", "{bad_2}|CharacterNotStorable");
                    assertThat(place.rows("select id from s.charge")).containsExactly("ch_1");
                }
                place.run("drop schema s cascade");
            }
        }
    }

    @OnPostgres({10, 18})
    void aKeyThatTheEncodingOfTheDatabaseLacksStopsItsTableAlone(int major) {
        Change.Hint lacking = new Change.Hint("charge", RowKey.of("夏"), false);
        Change.Hint other = new Change.Hint("charge", RowKey.of("été"), false);
        LaneId pass = new LaneId("resync:backfill:charge");
        try (Place place = Place.latin1(major);
                DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
            TableException refused = catchThrowableOfType(
                    TableException.class,
                    () -> session.commit(
                            Stripe.batch(1, List.of(Stripe.charge("ch_1", 1), Stripe.upsert("charge", "夏", "{}")))));
            assertThat(refused.problem().code()).isEqualTo(PostgresProblem.RECORD_REJECTED);
            // what the lanes do then, and what a re-sync that meets it does
            session.commit(new Batch(
                    Stripe.LANE,
                    1,
                    Stripe.checkpoint(2),
                    List.of(Stripe.charge("été", 1), Stripe.delete("夏")),
                    Map.of(),
                    Map.of(),
                    DirtyMarks.adding(List.of(lacking, other))));
            assertThat(session.dirtyKeys("charge", 10))
                    .as("as long as its object is there the table is not complete")
                    .containsExactlyInAnyOrder(other, lacking);
            session.commit(new Batch(
                    Stripe.LANE,
                    2,
                    Stripe.checkpoint(3),
                    List.of(Stripe.delete("夏")),
                    Map.of(),
                    Map.of(),
                    new DirtyMarks(List.of(), Map.of("charge", Set.of(lacking.key())), Set.of())));
            assertThat(session.dirtyKeys("charge", 10)).containsExactly(other);
            LaneState at = session.passes().start(pass, Passes.Listing.of(Set.of("charge")), Stripe.START);
            session.commit(new Batch(
                    pass,
                    at.seq(),
                    Stripe.checkpoint(1),
                    List.of(),
                    Map.of(),
                    Map.of(),
                    DirtyMarks.NONE,
                    Map.of("charge", Set.of(lacking.key(), other.key()))));
            assertThat(place.rows("select key from s._sync_seen where \"table\" = 'charge'"))
                    .containsExactly("{été}");
        }
    }

    @OnPostgres(18)
    void aKeyThatCanNotExistStopsItsTableAndIsIgnoredAsADelete(int major) {
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
            TableException refused = catchThrowableOfType(
                    TableException.class,
                    () -> session.commit(Stripe.batch(
                            1, List.of(Stripe.charge("ch_1", 1), Stripe.upsert("charge", "a\u0000", "{}")))));
            assertThat(refused.problem().code()).isEqualTo(PostgresProblem.RECORD_REJECTED);
            assertThat(refused.problem().message()).contains("record a? of table \"charge\"");
            assertThat(place.value("select count(*) from s.charge")).isEqualTo("0");
            assertThat(session.commit(Stripe.batch(1, List.of(Stripe.delete("a\u0000"), Stripe.delete("\ud83d"))))
                            .changed())
                    .isZero();
        }
    }

    @OnPostgres(18)
    void aKeyTooLongForItsIndexStopsItsTable(int major) {
        // a b-tree takes 2,704 bytes; random ones, since it compresses
        String key = new Random(1)
                .ints(8_000, 'a', 'z')
                .mapToObj(Character::toString)
                .collect(Collectors.joining());
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
            for (String json : List.of("{}", "{\"metadata\":1e999999}")) {
                TableException refused = catchThrowableOfType(
                        TableException.class,
                        () -> session.commit(Stripe.batch(1, List.of(Stripe.upsert("charge", key, json)))));
                assertThat(refused.problem().code()).isEqualTo(PostgresProblem.RECORD_REJECTED);
            }
        }
    }
}

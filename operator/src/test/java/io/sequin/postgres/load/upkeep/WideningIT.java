package io.sequin.postgres.load.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.OnPostgres;
import io.sequin.data.Change;
import io.sequin.data.Column;
import io.sequin.data.ColumnType;
import io.sequin.data.Encoding;
import io.sequin.data.Json;
import io.sequin.data.Problem;
import io.sequin.data.RowKey;
import io.sequin.data.TableShape;
import io.sequin.postgres.PostgresProblem;
import io.sequin.postgres.load.DestinationSession;
import io.sequin.postgres.load.Place;
import io.sequin.postgres.load.Stripe;
import io.sequin.postgres.load.TableStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Columns whose type at the source changes: each pair of types, and tables where it can't be changed. */
class WideningIT {

    /** A value of each type as a source sends it, and as the server prints it in the column. */
    private static final Map<ColumnType, List<String>> VALUES = Map.of(
            ColumnType.BOOLEAN, List.of("true", "true"),
            ColumnType.BIGINT, List.of("42", "42"),
            ColumnType.NUMERIC, List.of("1.50", "1.50"),
            ColumnType.TEXT, List.of("\"a b\"", "a b"),
            ColumnType.DATE, List.of("\"2024-02-29\"", "2024-02-29"),
            ColumnType.TIMESTAMPTZ, List.of("\"2024-02-29T12:00:00Z\"", "2024-02-29 12:00:00+00"),
            ColumnType.JSONB, List.of("{\"k\": 1}", "{\"k\": 1}"));

    /** The manual's table: what the value is after its column was widened. */
    private static final Map<String, String> WIDENED = Map.ofEntries(
            Map.entry("BIGINT NUMERIC", "42"),
            Map.entry("DATE TIMESTAMPTZ", "2024-02-29 00:00:00+00"),
            Map.entry("BOOLEAN TEXT", "true"),
            Map.entry("BIGINT TEXT", "42"),
            Map.entry("NUMERIC TEXT", "1.50"),
            Map.entry("DATE TEXT", "2024-02-29"),
            Map.entry("TIMESTAMPTZ TEXT", "2024-02-29T12:00:00.000000Z"),
            Map.entry("JSONB TEXT", "{\"k\": 1}"),
            Map.entry("BOOLEAN JSONB", "true"),
            Map.entry("BIGINT JSONB", "42"),
            Map.entry("NUMERIC JSONB", "1.50"),
            Map.entry("TEXT JSONB", "\"a b\""),
            Map.entry("DATE JSONB", "\"2024-02-29\""),
            Map.entry("TIMESTAMPTZ JSONB", "\"2024-02-29T12:00:00+00:00\""));

    private static String column(ColumnType from, ColumnType to) {
        return from.name().toLowerCase(Locale.ROOT) + "_to_" + to.name().toLowerCase(Locale.ROOT);
    }

    private static List<String> value(ColumnType type) {
        return Objects.requireNonNull(VALUES.get(type));
    }

    private static TableShape every(boolean after) {
        List<Column> columns = new ArrayList<>();
        columns.add(new Column("id", "id", ColumnType.TEXT, Encoding.PLAIN));
        for (ColumnType from : ColumnType.values()) {
            for (ColumnType to : ColumnType.values()) {
                String name = column(from, to);
                columns.add(new Column(name, name, after ? to : from, Encoding.PLAIN));
            }
        }
        return new TableShape("charge", columns, List.of("id"));
    }

    private static Change.Upsert row(String id, boolean after) {
        StringBuilder json = new StringBuilder("{\"id\":\"" + id + "\"");
        for (ColumnType from : ColumnType.values()) {
            for (ColumnType to : ColumnType.values()) {
                json.append(",\"")
                        .append(column(from, to))
                        .append("\":")
                        .append(value(after ? to : from).getFirst());
            }
        }
        return new Change.Upsert("charge", RowKey.of(id), Json.of(json + "}"));
    }

    @OnPostgres({10, 14, 15, 18})
    void eachPairOfTypesIsWidenedOrKeptAsTheManualSays(int major) {
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.live(place, "s", every(false))) {
            session.commit(Stripe.batch(1, List.of(row("old", false))));
            Problem drift = Stripe.whole(session, every(true)).notices().getFirst();
            session.commit(Stripe.batch(2, List.of(row("new", true))));
            assertThat(drift.code()).isEqualTo(PostgresProblem.TYPE_DRIFT);
            place.run("set timezone = 'UTC'");
            for (ColumnType from : ColumnType.values()) {
                for (ColumnType to : ColumnType.values()) {
                    String name = column(from, to);
                    boolean widened = WIDENED.containsKey(from + " " + to);
                    String old = from == to || !widened ? value(from).getLast() : WIDENED.get(from + " " + to);
                    String stored =
                            place.value("select " + utc(name, widened ? to : from) + " from s.charge where id = 'old'");
                    assertThat(stored).as("%s to %s", from, to).isEqualTo(old);
                    boolean dates = from == ColumnType.TIMESTAMPTZ && to == ColumnType.DATE;
                    boolean holds = widened || from == to || (WIDENED.containsKey(to + " " + from) && !dates);
                    assertThat(place.value(
                                    "select jsonb_exists(_sync_extra, '" + name + "') from s.charge where id = 'new'"))
                            .as("the value of %s to %s is in the overflow", from, to)
                            .isEqualTo(holds ? "f" : "t");
                    assertThat(drift.message().contains("\"" + name + "\""))
                            .as("%s to %s is a drift", from, to)
                            .isEqualTo(!holds);
                }
            }
        }
    }

    private static String utc(String column, ColumnType type) {
        return type == ColumnType.TIMESTAMPTZ
                ? "to_char(" + column + " at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS\"+00\"')"
                : column + "::text";
    }

    @OnPostgres({10, 18})
    void integersThatSomebodyMadeSmallAreMadeLargeAgain(int major) {
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
            session.commit(Stripe.batch(1, Stripe.charges(0, 3, 7)));
            for (String type : List.of("integer", "smallint")) {
                place.run("alter table s.charge alter column amount type " + type);
                assertThat(Stripe.whole(session, Stripe.charge()).notices()).isEmpty();
                assertThat(place.value("select distinct pg_typeof(amount) from s.charge"))
                        .isEqualTo("bigint");
            }
        }
    }

    private static TableShape amount(ColumnType type) {
        return new TableShape(
                "charge",
                Stripe.charge().columns().stream()
                        .map(c -> c.name().equals("amount") ? new Column("amount", "amount", type, Encoding.PLAIN) : c)
                        .toList(),
                List.of("id"));
    }

    private static Change.Upsert amount(String id, String value) {
        return Stripe.upsert("charge", id, "{\"amount\":" + value + "}");
    }

    @OnPostgres({10, 14, 15, 18})
    void aViewIsNamedAndNeverDroppedAndTheSqlCuresIt(int major) {
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
            session.commit(Stripe.batch(1, Stripe.charges(0, 2, 1)));
            place.run("create view public.mrr as select sum(amount) as total from s.charge");
            Problem drift =
                    Stripe.whole(session, amount(ColumnType.TEXT)).notices().getFirst();
            assertThat(drift.code()).isEqualTo(PostgresProblem.TYPE_DRIFT);
            assertThat(drift.cure().getFirst().summary()).contains("view public.mrr");
            session.commit(Stripe.batch(2, List.of(amount("new", "\"12 EUR\""))));
            assertThat(place.rows("select amount, _sync_extra->>'amount' from s.charge where id = 'new'"))
                    .containsExactly("null|12 EUR");
            assertThat(place.value("select total from public.mrr")).isEqualTo("2");

            place.run("drop view public.mrr; " + drift.cure().getFirst().sql());
            TableStatus cured = Stripe.whole(session, amount(ColumnType.TEXT));
            assertThat(cured.notices()).isEmpty();
            assertThat(place.rows("select amount, _sync_extra from s.charge where id = 'new'"))
                    .as("what was kept moves to the column")
                    .containsExactly("12 EUR|null");
            assertThat(session.commit(Stripe.batch(3, List.of(amount("new", "\"12 EUR\""))))
                            .changed())
                    .isZero();
        }
    }

    @OnPostgres({10, 18})
    void aLargeTableIsNotRewrittenAndTheSqlCuresIt(int major) {
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
            session.commit(Stripe.batch(1, Stripe.charges(0, 10_000, 1)));
            Problem drift =
                    Stripe.whole(session, amount(ColumnType.NUMERIC)).notices().getFirst();
            session.commit(Stripe.batch(2, List.of(amount("new", "1.5"))));
            assertThat(place.rows("select amount, _sync_extra->>'amount' from s.charge where id = 'new'"))
                    .containsExactly("null|1.5");
            place.run(drift.cure().getFirst().sql());
            assertThat(Stripe.whole(session, amount(ColumnType.NUMERIC)).notices())
                    .isEmpty();
            assertThat(place.value("select amount from s.charge where id = 'new'"))
                    .isEqualTo("1.5");
        }
    }

    @OnPostgres(18)
    void aTypeThatHoldsLessIsKeptAndTextCuresIt(int major) {
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.live(place, "s", amount(ColumnType.BOOLEAN))) {
            session.commit(Stripe.batch(1, List.of(amount("old", "true"))));
            Problem drift = Stripe.whole(session, Stripe.charge()).notices().getFirst();
            session.commit(Stripe.batch(2, List.of(amount("new", "7"))));
            assertThat(place.rows("select id, amount, _sync_extra->>'amount' from s.charge order by id"))
                    .containsExactly("new|null|7", "old|t|null");
            place.run(drift.cure().getFirst().sql());
            assertThat(Stripe.whole(session, Stripe.charge()).notices()).isEmpty();
            assertThat(place.rows("select id, amount, _sync_extra from s.charge order by id"))
                    .containsExactly("new|7|null", "old|true|null");
        }
    }

    @OnPostgres(18)
    void whatIsNoViewAndNeedsTheTypeKeepsItToo(int major) {
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
            session.commit(Stripe.batch(1, Stripe.charges(0, 2, 1)));
            place.run("alter table s.charge enable row level security;"
                    + " create policy small on s.charge using (amount < 10)");
            assertThat(Stripe.whole(session, amount(ColumnType.NUMERIC)).notices())
                    .isNotEmpty();
            assertThat(place.value("select distinct pg_typeof(amount) from s.charge"))
                    .isEqualTo("bigint");
        }
    }

    @Test
    void theManualHasThisMatrix() throws IOException {
        String page = Files.readString(Path.of("../docs/tables.md"));
        List<String> rows = page.lines().filter(line -> line.startsWith("| `")).toList();
        for (ColumnType from : ColumnType.values()) {
            for (ColumnType to : ColumnType.values()) {
                boolean said = rows.contains("| `" + from.name().toLowerCase(Locale.ROOT) + "` | `"
                        + to.name().toLowerCase(Locale.ROOT) + "` |");
                assertThat(said).as("%s to %s", from, to).isEqualTo(WIDENED.containsKey(from + " " + to));
            }
        }
    }
}

package io.sequin.postgres.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sequin.data.Change;
import io.sequin.data.Column;
import io.sequin.data.ColumnType;
import io.sequin.data.Encoding;
import io.sequin.data.Json;
import io.sequin.data.RowKey;
import io.sequin.data.TableShape;
import io.sequin.postgres.PostgresProblem;
import io.sequin.postgres.TableException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Records that Postgres can't take: their table stops, the key is named, nothing of the batch stays. */
class HostileRecordsIT {
    private static final String SECRET = "canary-4711";

    /** What the converter sees, and what only the server does. */
    private static List<Json> hostile() {
        List<Json> records = new ArrayList<>();
        records.add(Json.of("{\"customer\":\"" + SECRET + "\\u0000\"}"));
        records.add(Json.of("{\"metadata\":{\"" + SECRET + "\\u0000\":1}}"));
        records.add(Json.of("{\"metadata\":\"" + SECRET + "\\ud83d\"}"));
        records.add(Json.of("{\"" + SECRET + "\":\"\\ude00\"}"));
        records.add(Json.of("{\"metadata\":[\"" + SECRET + "\",1e999999]}"));
        records.add(Json.of("{\"" + SECRET + "\":-1e999999}"));
        records.add(Json.of("{\"metadata\":" + "[".repeat(5_000) + "]".repeat(5_000) + "}"));
        byte[] brokenText = ("{\"customer\":\"" + SECRET + "?\"}").getBytes(StandardCharsets.UTF_8);
        brokenText[brokenText.length - 3] = (byte) 0xff;
        records.add(Json.of(brokenText));
        byte[] brokenJson = ("{\"metadata\":{\"a\":\"" + SECRET + "???\"}}").getBytes(StandardCharsets.UTF_8);
        // a surrogate in UTF-8's pattern
        brokenJson[brokenJson.length - 6] = (byte) 0xed;
        brokenJson[brokenJson.length - 5] = (byte) 0xa0;
        brokenJson[brokenJson.length - 4] = (byte) 0x80;
        records.add(Json.of(brokenJson));
        return records;
    }

    private static void assertRefused(DestinationSession session, Batch batch, String key) {
        TableException refused = catchThrowableOfType(TableException.class, () -> session.commit(batch));
        assertThat(refused).as("refusal of %s", key).isNotNull();
        assertThat(refused.table()).isEqualTo("charge");
        assertThat(refused.problem().code()).isEqualTo(PostgresProblem.RECORD_REJECTED);
        assertThat(refused.problem().message()).contains("record " + key + " of table \"charge\"");
        for (Throwable t = refused; t != null; t = t.getCause()) {
            assertThat(t.toString()).doesNotContain(SECRET);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 15, 18})
    void aRecordThatPostgresRefusesIsNamedOnEachWayAndNothingStays(int major) {
        for (int size : List.of(3, 1_500)) {
            for (boolean direct : List.of(true, false)) {
                try (Place place = Place.on(major);
                        DestinationSession session = direct
                                ? Stripe.begun(place, "s", Stripe.charge())
                                : Stripe.live(place, "s", Stripe.charge())) {
                    session.ensure(Stripe.charge("refund"), Set.of());
                    int seq = direct ? 0 : 1;
                    for (Json record : hostile()) {
                        List<Change> changes = new ArrayList<>(Stripe.charges(0, size, 1));
                        changes.set(size - 2, new Change.Upsert("charge", RowKey.of("bad_1"), record));
                        changes.add(Stripe.upsert("refund", "r", "{}"));
                        assertRefused(session, Stripe.batch(seq, changes), "bad_1");
                    }
                    assertThat(place.value("select (select count(*) from s.charge) + (select count(*) from s.refund)"))
                            .isEqualTo("0");
                    // the others go on, on new connections
                    assertThat(session.commit(Stripe.batch(seq, Stripe.charges(0, size, 1)))
                                    .changed())
                            .isEqualTo(size);
                }
            }
        }
    }

    @Test
    void tablesThatGoByTextNameTheKeyToo() {
        List<Column> columns = new ArrayList<>(Stripe.charge().columns());
        columns.add(new Column("rate", "rate", ColumnType.NUMERIC, Encoding.PLAIN));
        TableShape shape = new TableShape("charge", columns, List.of("id"));
        try (Place place = Place.on(18);
                DestinationSession session = Stripe.begun(place, "s", shape)) {
            List<Change> changes = new ArrayList<>(Stripe.charges(0, 5, 1));
            changes.set(3, Stripe.upsert("charge", "bad_2", "{\"metadata\":[\"" + SECRET + "\\t\\n\",1e999999]}"));
            assertRefused(session, Stripe.batch(0, changes), "bad_2");
        }
    }

    @Test
    void aKeyThatCanNotExistIsRefusedAsARowAndIgnoredAsADelete() {
        try (Place place = Place.on(18);
                DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
            assertRefused(session, Stripe.batch(1, List.of(Stripe.upsert("charge", "a\u0000", "{}"))), "a?");
            assertThat(session.commit(Stripe.batch(1, List.of(Stripe.delete("a\u0000"), Stripe.delete("\ud83d"))))
                            .changed())
                    .isZero();
        }
    }

    @Test
    void aKeyTooLongForItsIndexStopsItsTable() {
        // a b-tree takes 2,704 bytes; random ones, since it compresses
        String key = new Random(1)
                .ints(8_000, 'a', 'z')
                .mapToObj(Character::toString)
                .collect(Collectors.joining());
        try (Place place = Place.on(18);
                DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
            TableException refused = catchThrowableOfType(
                    TableException.class,
                    () -> session.commit(Stripe.batch(1, List.of(Stripe.upsert("charge", key, "{}")))));
            assertThat(refused.problem().code()).isEqualTo(PostgresProblem.RECORD_REJECTED);
        }
    }
}

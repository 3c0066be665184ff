package io.sequin.postgres.load.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sequin.OnPostgres;
import io.sequin.data.Change;
import io.sequin.postgres.Identifier;
import io.sequin.postgres.load.DestinationSession;
import io.sequin.postgres.load.Place;
import io.sequin.postgres.load.Stripe;
import io.sequin.postgres.load.row.JsonRow;
import io.sequin.postgres.load.row.Unfit;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Values that are sound as far as anybody knows, and that this one server refuses all the same. */
class RefusedValuesIT {
    private static final String ENTRIES = "select key, reason, message from s._sync_error";

    private static List<Change> around(String json, int size) {
        List<Change> changes = new ArrayList<>(Stripe.charges(0, size, 1));
        changes.set(size / 2, Stripe.upsert("charge", "bad", json));
        return changes;
    }

    @OnPostgres({10, 14, 15, 18})
    void aValueThatIsTooMuchForTheServerIsSetAsideAlone(int major) {
        String deep = "{\"metadata\":" + "[".repeat(JsonRow.MAX_DEPTH - 10) + "]".repeat(JsonRow.MAX_DEPTH - 10) + "}";
        try (Place place = Place.on(major)) {
            // as where an administrator has little stack to give
            place.run("alter database " + Identifier.quote(place.database()) + " set max_stack_depth = '100kB'");
            try (DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
                int few = 3;
                assertThat(session.commit(Stripe.batch(1, around(deep, few))).changed())
                        .as("the others are written")
                        .isEqualTo(few - 1);
                assertThat(place.rows(ENTRIES)).singleElement().asString().startsWith("{bad}|TooLarge|");
                session.commit(Stripe.batch(2, List.of(Stripe.delete("bad"))));
                int many = TableWriter.STAGING_ROWS + 200;
                session.commit(Stripe.batch(3, around(deep, many)));
                assertThat(place.rows(ENTRIES)).singleElement().asString().startsWith("{bad}|TooLarge|");
                assertThat(place.value("select count(*) from s.charge")).isEqualTo("" + (many - 1));
            }
        }
    }

    /** Sources parse what they give; nothing relies on it. */
    @OnPostgres({10, 14, 15, 18})
    void aRecordThatIsBrokenWithinANestedValueIsSetAsideAlone(int major) {
        List<String> broken = List.of(
                "{\"metadata\":{\"a\":1 \"b\":2}}",
                "{\"metadata\":[1,]}",
                "{\"metadata\":{\"a\"}}",
                "{\"other\":[nul]}");
        try (Place place = Place.on(major);
                DestinationSession session = Stripe.live(place, "s", Stripe.charge())) {
            int seq = 1;
            for (String json : broken) {
                session.commit(Stripe.batch(seq++, around(json, 3)));
                assertThat(place.rows(ENTRIES))
                        .as(json)
                        .singleElement()
                        .asString()
                        .startsWith("{bad}|ValueRefused|");
                assertThat(place.value("select count(*) from s.charge")).isEqualTo("2");
                session.commit(Stripe.batch(seq++, List.of(Stripe.delete("bad"))));
            }
        }
    }

    /** What a server says of values; most of it the converter sees before, so no record gets that far. */
    private static final Map<String, Unfit> ANSWERS = Map.of(
            "select '{{{{{{{1}}}}}}}'::int[]", Unfit.SIZE,
            "select '1e999999'::numeric", Unfit.NUMBER,
            "select convert_from('\\xff', 'UTF8')", Unfit.CHARACTER,
            "select '{'::jsonb", Unfit.VALUE,
            "select 'never'::date", Unfit.VALUE,
            "select 'maybe'::boolean", Unfit.VALUE);

    @OnPostgres({10, 14, 15, 18})
    void whatAServerAnswersHasItsReason(int major) throws Exception {
        try (Place place = Place.on(major);
                Connection connection = place.connect();
                Statement statement = connection.createStatement()) {
            ANSWERS.forEach((sql, why) -> {
                SQLException refused = catchThrowableOfType(SQLException.class, () -> statement.executeQuery(sql));
                assertThat(Unfit.isAboutValues(refused)).as(sql).isTrue();
                assertThat(Unfit.of(refused)).as(sql).isEqualTo(why);
            });
            SQLException other =
                    catchThrowableOfType(SQLException.class, () -> statement.executeQuery("select 1 from x"));
            assertThat(Unfit.isAboutValues(other)).isFalse();
        }
    }
}

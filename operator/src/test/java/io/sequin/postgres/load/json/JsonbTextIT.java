package io.sequin.postgres.load.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.sequin.OnPostgres;
import io.sequin.Seeds;
import io.sequin.postgres.load.Place;
import io.sequin.postgres.load.RandomJson;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/** What {@link JsonbText} prints, beside what the servers print of the same random JSON. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class JsonbTextIT {
    private static final int VALUES = 1_000;

    private long seed;

    @BeforeAll
    void random() {
        seed = Seeds.seed(JsonbTextIT.class);
    }

    private List<String> values(boolean wild) {
        RandomJson json = new RandomJson(new Random(seed), wild);
        return Stream.generate(json::value).limit(VALUES).toList();
    }

    private static String print(JsonbText text, String json) {
        byte[] value = json.getBytes(StandardCharsets.UTF_8);
        Bytes out = new Bytes(value.length);
        text.append(value, 0, value.length, out);
        return new String(Arrays.copyOf(out.data(), out.size()), StandardCharsets.UTF_8);
    }

    /** The first value of which the condition does not hold, with what we and the server make of it. */
    private static String firstWhereNot(Place place, String condition, List<String> values) throws SQLException {
        JsonbText text = new JsonbText();
        String sql = "select j, ours, j::jsonb::text from unnest(?::text[], ?::text[]) as v(j, ours) where not ("
                + condition + ") order by length(j) limit 1";
        try (Connection connection = place.connect();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setArray(1, connection.createArrayOf("text", values.toArray()));
            statement.setArray(
                    2,
                    connection.createArrayOf(
                            "text",
                            values.stream().map(value -> print(text, value)).toArray()));
            try (ResultSet row = statement.executeQuery()) {
                return row.next()
                        ? row.getString(1) + "\nours:   " + row.getString(2) + "\nserver: " + row.getString(3)
                        : "none";
            }
        }
    }

    @OnPostgres({10, 14, 15, 18})
    void theServersPrintTheSame(int major) throws SQLException {
        try (Place place = Place.on(major)) {
            assertThat(firstWhereNot(place, "ours = j::jsonb::text", values(false)))
                    .isEqualTo("none");
        }
    }

    /** Whatever is printed otherwise is the same value all the same. */
    @OnPostgres({10, 14, 15, 18})
    void theValueIsTheSame(int major) throws SQLException {
        try (Place place = Place.on(major)) {
            assertThat(firstWhereNot(
                            place, "ours::jsonb = j::jsonb and ours::jsonb::text = j::jsonb::text", values(true)))
                    .isEqualTo("none");
        }
    }
}

package io.sequin.postgres.load.row;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sequin.data.Change;
import io.sequin.data.Column;
import io.sequin.data.ColumnType;
import io.sequin.data.Encoding;
import io.sequin.data.Json;
import io.sequin.data.RowKey;
import io.sequin.data.TableShape;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What no record may hold, however sound it is as JSON. */
class RecordLimitsTest {
    private static final RowShape SHAPE = new RowShape(new TableShape(
            "t",
            List.of(
                    new Column("id", "id", ColumnType.TEXT, Encoding.PLAIN),
                    new Column("num", "num", ColumnType.NUMERIC, Encoding.PLAIN),
                    new Column("obj", "obj", ColumnType.JSONB, Encoding.PLAIN)),
            List.of("id")));

    /** As large an exponent as {@code numeric} takes, in numbers enough to come to the limit exactly. */
    private static final String LARGEST = "1e131071";

    private static final String LARGEST_TIMES_32 = (LARGEST + ",").repeat(31) + "2.5E+131071, 7e32";

    private final JsonRow row = new JsonRow(SHAPE);

    private RowValues read(String json) {
        return row.read(new Change.Upsert("t", RowKey.of("k"), Json.of(json)));
    }

    private void refuses(String json, String why) {
        assertThatThrownBy(() -> read(json))
                .as(json.length() > 100 ? json.substring(0, 100) : json)
                .isInstanceOf(UnfitRecord.class)
                .hasMessageContaining(why);
    }

    @Test
    void nestingWithoutEndIsRefused() {
        refuses("{\"obj\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}", "nested deeper");
    }

    @Test
    void nestingHasAsManyLevelsAsItMay() {
        int most = JsonRow.MAX_DEPTH - 1;
        assertThat(read("{\"obj\":" + "[".repeat(most) + "]".repeat(most) + "}").isNull(2))
                .isFalse();
        refuses("{\"obj\":" + "[".repeat(most + 1) + "]".repeat(most + 1) + "}", "nested deeper");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-"})
    void aNumberHasAsManyDigitsAsNumericAndNoMore(String sign) {
        String most = sign + "7".repeat(JsonRow.MAX_DIGITS);
        RowValues values = read("{\"num\":" + most + ",\"obj\":[" + most + "]}");
        assertThat(values.isNull(1) || values.isNull(2)).isFalse();
        refuses("{\"num\":" + most + "7}", "digits");
        refuses("{\"obj\":[1," + most + "7]}", "digits");
    }

    /** The server would print each of them with all its zeros. */
    @Test
    void exponentsStandForAsManyZerosAsTheyMay() {
        String most = "[" + LARGEST_TIMES_32 + "]";
        for (int again = 0; again < 2; again++) {
            assertThat(read("{\"obj\":" + most + "}").isNull(2)).isFalse();
        }
        refuses("{\"obj\":[" + LARGEST_TIMES_32 + ",1e1]}", "zeros");
    }

    @Test
    void allNumbersOfARecordCount() {
        String most = "[" + LARGEST_TIMES_32 + "]";
        for (String more :
                List.of("\"num\":1e-1", "\"other\":1e1", "\"other\":[" + LARGEST + "]", "\"ob\":[" + LARGEST + "]")) {
            refuses("{\"obj\":" + most + "," + more + "}", "zeros");
            refuses("{" + more + ",\"obj\":" + most + "}", "zeros");
        }
        assertThat(read("{\"obj\":" + most + ",\"num\":10,\"other\":[1.0]}").isNull(1))
                .isFalse();
    }

    /** The server refuses each of them, and says why. */
    @ParameterizedTest
    @ValueSource(strings = {"1e200000", "-1E+99999999999999999999", "1e-99999999999999999999", "1e", "e9"})
    void aNumberBeyondNumericIsNotForThisLimit(String number) {
        assertThat(read("{\"obj\":[" + number + "]}").isNull(2)).isFalse();
    }
}

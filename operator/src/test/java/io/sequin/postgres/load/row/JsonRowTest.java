package io.sequin.postgres.load.row;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sequin.data.Change;
import io.sequin.data.Column;
import io.sequin.data.ColumnType;
import io.sequin.data.Encoding;
import io.sequin.data.Json;
import io.sequin.data.RecordSize;
import io.sequin.data.RowKey;
import io.sequin.data.TableShape;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** From a JSON object to the values of a row. */
class JsonRowTest {
    private static final RowShape SHAPE = new RowShape(new TableShape(
            "t",
            List.of(
                    new Column("id", "id", ColumnType.TEXT, Encoding.PLAIN),
                    new Column("big", "big", ColumnType.BIGINT, Encoding.PLAIN),
                    new Column("num", "num", ColumnType.NUMERIC, Encoding.PLAIN),
                    new Column("flag", "flag", ColumnType.BOOLEAN, Encoding.PLAIN),
                    new Column("txt", "txt", ColumnType.TEXT, Encoding.PLAIN),
                    new Column("day", "day", ColumnType.DATE, Encoding.PLAIN),
                    new Column("iso", "iso", ColumnType.TIMESTAMPTZ, Encoding.PLAIN),
                    new Column("epoch", "epoch", ColumnType.TIMESTAMPTZ, Encoding.EPOCH_SECONDS),
                    new Column("ref_id", "ref", ColumnType.TEXT, Encoding.REFERENCE),
                    new Column("obj", "obj", ColumnType.JSONB, Encoding.PLAIN)),
            List.of("id")));

    /** The columns that are not null, as text; the key left out. */
    private static Map<String, String> read(String json) {
        // the slice begins and ends inside a larger array, as a record in a page does
        byte[] page = ("[ ," + json + ",{\"id\":\"next\"}]").getBytes(StandardCharsets.UTF_8);
        Json slice = new Json(page, 3, json.getBytes(StandardCharsets.UTF_8).length);
        Map<String, String> found = text(new JsonRow(SHAPE).read(new Change.Upsert("t", RowKey.of("k"), slice)));
        Json large = Json.of(" ".repeat(RecordSize.LARGE) + json);
        assertThat(text(new JsonRow(SHAPE).read(new Change.Upsert("t", RowKey.of("k"), large))))
                .as("large records are read in their own way")
                .isEqualTo(found);
        return found;
    }

    private static Map<String, String> text(RowValues values) {
        Map<String, String> found = new LinkedHashMap<>();
        for (int i = 0; i < SHAPE.size(); i++) {
            String value = RowText.of(values, i, SHAPE.type(i));
            if (value != null && !SHAPE.isKey(i)) {
                found.put(SHAPE.column(i).name(), value);
            }
        }
        return found;
    }

    @Test
    void eachTypeTakesWhatFitsIt() {
        assertThat(read("""
                                {"id": "k", "big": -9223372036854775808, "num": 12.50, "flag": false, "txt": "é\\n\\u00e4😀",
                                 "day": "2024-02-29", "iso": "2024-01-02T03:04:05.678901+02:00", "epoch": 1700000000,
                                 "ref": "cus_1", "obj": {"b" : [1, 2.0e3]}}"""))
                .containsExactly(
                        Map.entry("big", "-9223372036854775808"),
                        Map.entry("num", "12.50"),
                        Map.entry("flag", "f"),
                        Map.entry("txt", "é\nä😀"),
                        Map.entry("day", "2024-02-29"),
                        Map.entry("iso", "2024-01-02 01:04:05.678901+00"),
                        Map.entry("epoch", "2023-11-14 22:13:20+00"),
                        Map.entry("ref_id", "cus_1"),
                        Map.entry("obj", "{\"b\": [1, 2000]}"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    "big": 9223372036854775808
                    "big": "12"
                    "big": 1.0
                    "big": true
                    "num": "1.5"
                    "flag": 1
                    "txt": 5
                    "txt": {"a": "b"}
                    "day": "2024-02-30"
                    "day": 20240101
                    "iso": "2024-01-02"
                    "iso": "+999999-01-01T00:00:00Z"
                    "epoch": 9224318016000
                    "epoch": -210866803201
                    "epoch": 1.5
                    "epoch": 99999999999999999999
                    "epoch": "soon"
                    "ref": 7
                    "ref": {"object": "customer"}
                    "ref": ["cus_1"]
                    "new field": {"x": [null]}
                    "": 1
                    """)
    void whatFitsNoColumnIsKeptUnderItsOwnName(String field) {
        assertThat(read("{" + field + "}"))
                .containsOnlyKeys("_sync_extra")
                .containsEntry("_sync_extra", "{" + field + "}");
    }

    @Test
    void severalOverflowingFieldsMakeOneObject() {
        assertThat(read("{\"a\":1,\"big\":\"x\",\"txt\":\"y\",\"z\":null}"))
                .containsExactly(
                        Map.entry("txt", "y"), Map.entry("_sync_extra", "{\"a\": 1, \"z\": null, \"big\": \"x\"}"));
    }

    @Test
    void anOverflowOfWhichTheServersPrintIsHardToForeseeStaysAsItCame() {
        assertThat(read("{\"new \\\"field\\\" \\\\\": {\"x\" : [ null ]}}"))
                .containsExactly(Map.entry("_sync_extra", "{\"new \\\"field\\\" \\\\\":{\"x\" : [ null ]}}"));
        assertThat(read("{\"num\": 1e200000}")).containsExactly(Map.entry("_sync_extra", "{\"num\":1e200000}"));
    }

    @ParameterizedTest
    @CsvSource(delimiterString = " -> ", quoteCharacter = '§', textBlock = """
                    {"b":1,"a":[ ]}    -> {"a": [], "b": 1}
                    [1,{"b":1,"a":2}]  -> [1, {"a": 2, "b": 1}]
                    "a\\/b"            -> "a/b"
                    1e2                -> 100
                    true               -> true
                    {"b\\n":1,"a":[ ]} -> {"b\\n":1,"a":[ ]}
                    """)
    void jsonbIsPrintedAsTheServerDoesWhereThatCanBeForeseen(String value, String printed) {
        assertThat(read("{\"obj\": " + value + " ,\"flag\":true}"))
                .containsExactly(Map.entry("flag", "t"), Map.entry("obj", printed));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"id\":7}", "{\"big\":null,\"ref\":null,\"obj\":null,\"epoch\":null}"})
    void nullAndAbsentAreNullAndTheKeysOwnFieldIsNotRepeated(String json) {
        assertThat(read(json)).isEmpty();
    }

    @Test
    void timesAtTheEdgesOfWhatPostgresHoldsFit() {
        assertThat(read("{\"epoch\":9224318015999}")).containsEntry("epoch", "294276-12-31 23:59:59+00");
        assertThat(read("{\"epoch\":-210866803200}")).containsEntry("epoch", "4714-11-24 00:00+00 BC");
    }

    @Test
    void anExpandedReferenceGivesItsId() {
        assertThat(
                        read(
                                "{\"ref\":{\"meta\":{\"id\":\"no\"},\"list\":[{\"id\":\"no\"}],\"id\":\"cus_9\",\"z\":1},\"flag\":true}"))
                .containsExactly(Map.entry("flag", "t"), Map.entry("ref_id", "cus_9"));
    }

    @Test
    void theLastOfTwoFieldsOfOneNameWins() {
        assertThat(read("{\"txt\":\"a\",\"txt\":\"b\"}")).containsExactly(Map.entry("txt", "b"));
    }

    @Test
    void fieldsMayComeInAnyOrderAndNumber() {
        JsonRow row = new JsonRow(SHAPE);
        StringBuilder many = new StringBuilder("{\"flag\":true");
        for (int i = 0; i < 40; i++) {
            many.append(",\"new_").append(i).append("\":").append(i);
        }
        row.read(new Change.Upsert("t", RowKey.of("a"), Json.of(many + ",\"txt\":\"x\"}")));
        assertThat(text(row.read(new Change.Upsert("t", RowKey.of("b"), Json.of("{\"txt\":\"y\",\"flag\":false}")))))
                .containsExactly(Map.entry("flag", "f"), Map.entry("txt", "y"));
        assertThat(text(row.read(new Change.Upsert("t", RowKey.of("c"), Json.of("{\"flag\":true,\"txt\":\"z\"}")))))
                .containsExactly(Map.entry("flag", "t"), Map.entry("txt", "z"));
    }

    @Test
    void oneRecordLeavesNothingForTheNext() {
        JsonRow row = new JsonRow(SHAPE);
        row.read(new Change.Upsert("t", RowKey.of("a"), Json.of("{\"txt\":\"x\",\"more\":1,\"big\":2}")));
        assertThat(text(row.read(new Change.Upsert("t", RowKey.of("b"), Json.of("{\"flag\":true}")))))
                .containsExactly(Map.entry("flag", "t"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    [1]                            | not a JSON object
                    {"a":1                         | not a JSON object
                    {"a":                          | not a JSON object
                    {"a":tru}                      | not a JSON object
                    {"a":truth}                    | not a JSON object
                    {"a":1,}                       | not a JSON object
                    {,"a":1}                       | not a JSON object
                    {"a":1,,"b":2}                 | not a JSON object
                    {"a":1 "b":2}                  | not a JSON object
                    {"a" 1}                        | not a JSON object
                    {a:1}                          | not a JSON object
                    {"a":+1}                       | not a JSON object
                    {"a":"x                        | not a JSON object
                    {"a":"x\\"}                    | not a JSON object
                    {"a                            | not a JSON object
                    {"a":{"b":1}                   | not a JSON object
                    {"a":["]"}                     | not a JSON object
                    {"ref":{"id":"x"               | not a JSON object
                    {"obj":["\\u12","]}            | not a JSON object
                    """)
    void whatPostgresCanNotHoldIsRefusedWithoutQuotingIt(String json, String reason) {
        assertThatThrownBy(() -> read(json)).isInstanceOf(UnfitRecord.class).hasMessageContaining(reason);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {"txt":"a\\u0000b"}               | txt         | a\ufffdb
                    {"a\\u0000":1}                    | _sync_extra | {"a\ufffd": 1}
                    {"obj":{"x":["\\ud83d"]}}         | obj         | {"x": ["\ufffd"]}
                    {"obj":{"\\ude00":1}}             | obj         | {"\ufffd": 1}
                    {"obj":"\\ud83d\\ud83d\\ude00"}   | obj         | "\ufffd😀"
                    """)
    void whatTextCanNotHoldIsRepaired(String json, String column, String value) {
        assertThat(read(json)).containsEntry(column, value);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"obj\":\"\\ud83d\\ude00\"}",
                "{\"obj\":\"\\\\u0000\"}",
                "{\"obj\":\"\\\\\\\\ud83d\"}",
                "{\"obj\":\"\\u0001\"}"
            })
    void escapesThatAreHarmlessPass(String json) {
        assertThat(read(json)).containsKey("obj");
    }

    @Test
    void anEscapeByNumberStandsForItsCharacter() {
        assertThat(read("{\"txt\":\"\\u0001\\u001f\\u0041\\u20ac\\ud83d\\ude00\"}"))
                .containsExactly(Map.entry("txt", "\u0001\u001fA€😀"));
    }

    @Test
    void whatIsBrokenWithinANestedValueIsForTheServerToRefuse() {
        assertThat(read("{\"obj\":{\"a\" 1,},\"more\":[nul],\"flag\":true}"))
                .containsExactly(
                        Map.entry("flag", "t"),
                        Map.entry("obj", "{\"a\" 1,}"),
                        Map.entry("_sync_extra", "{\"more\": [nul]}"));
    }

    @Test
    void aNameMayBeWrittenWithEscapes() {
        assertThat(read("{\"t\\u0078t\":\"x\",\"r\\u0065f\":{\"\\u0069d\":\"cus_1\"}}"))
                .containsExactly(Map.entry("txt", "x"), Map.entry("ref_id", "cus_1"));
    }

    @Test
    void moreAndLongerNamesThanAreRememberedFindTheirColumns() {
        String longest = "n".repeat(FieldColumns.LONGEST);
        StringBuilder many = new StringBuilder("{\"" + longest + "\":1");
        for (int i = 0; i < FieldColumns.MOST; i++) {
            many.append(",\"new_").append(i).append("\":").append(i);
        }
        JsonRow row = new JsonRow(SHAPE);
        for (int round = 0; round < 2; round++) {
            Json json = Json.of(many + ",\"flag\":true,\"txt\":\"x\"}");
            assertThat(text(row.read(new Change.Upsert("t", RowKey.of("a"), json))))
                    .containsEntry("flag", "t")
                    .containsEntry("txt", "x");
        }
    }
}

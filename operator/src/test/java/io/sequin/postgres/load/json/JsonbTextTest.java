package io.sequin.postgres.load.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** JSON as jsonb prints it; {@link JsonbTextIT} asks the servers. */
class JsonbTextTest {
    /** A number of more characters is not written anew. */
    private static final String LONG = "1234567890123456789012345678901234567890123456789012345678901234";

    /** Of a slice inside a larger array, behind something that is there already. */
    private static String print(JsonbText text, String json) {
        byte[] value = json.getBytes(StandardCharsets.UTF_8);
        byte[] page = ("[\"," + json + "\"]").getBytes(StandardCharsets.UTF_8);
        Bytes out = new Bytes(2);
        out.put('>');
        text.append(page, 3, value.length, out);
        String printed = new String(Arrays.copyOf(out.data(), out.size()), StandardCharsets.UTF_8);
        assertThat(printed).startsWith(">");
        return printed.substring(1);
    }

    private static String print(String json) {
        return print(new JsonbText(), json);
    }

    @ParameterizedTest
    @CsvSource(delimiterString = " -> ", quoteCharacter = '§', textBlock = """
            { "b":1,"a" : [ ] ,"aa":{},"B":null}  -> {"B": null, "a": [], "b": 1, "aa": {}}
            {"é":1,"zz":2,"z":3}                  -> {"z": 3, "zz": 2, "é": 1}
            {"a":1,"b":2,"a":{"y":1,"x":2}}       -> {"a": {"x": 2, "y": 1}, "b": 2}
            {"b":1,"\\u0061":2,"a":3}             -> {"a": 3, "b": 1}
            [true,false,null,"x",[1,2]]           -> [true, false, null, "x", [1, 2]]
            """)
    void membersHaveTheOrderOfJsonb(String json, String printed) {
        assertThat(print(json)).isEqualTo(printed);
    }

    @ParameterizedTest
    @CsvSource(delimiterString = " -> ", quoteCharacter = '§', textBlock = """
            "a\\/b"                  -> "a/b"
            "\\u00e9\\u20ac\\ud83d\\ude00" -> "é€😀"
            "\\u0022\\u005C\\u002f"  -> "\\"\\\\/"
            "\\u0008\\u0009\\u000A\\u000c\\u000d" -> "\\b\\t\\n\\f\\r"
            "\\b\\t\\n\\f\\r\\"\\\\" -> "\\b\\t\\n\\f\\r\\"\\\\"
            "\\u0001\\u001F\\u0020"  -> "\\u0001\\u001f "
            "é😀 plain"              -> "é😀 plain"
            """)
    void onlyEscapesThatAreNeededStay(String json, String printed) {
        assertThat(print(json)).isEqualTo(printed);
    }

    @ParameterizedTest
    @CsvSource({
        "0,0",
        "-1.50,-1.50",
        "-0,0",
        "-0.00,0.00",
        "-0.5,-0.5",
        "1e2,100",
        "1.5E+1,15",
        "1.50e1,15.0",
        "12.5e-3,0.0125",
        "1e-7,0.0000001",
        "0e3,0",
        "0e-3,0.000",
        "9223372036854775808,9223372036854775808"
    })
    void numbersHaveNoExponentAndZeroHasNoSign(String json, String printed) {
        assertThat(print(json)).isEqualTo(printed);
        assertThat(print("[" + json + " ]")).isEqualTo("[" + printed + "]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e9999", "1e+9999", "1e99999", "1e-99999999999", "0e0001", LONG + "e9"})
    void whatHasALongExponentOrOneBehindManyDigitsGoesAsItIs(String number) {
        assertThat(print(number)).isEqualTo(number);
        String json = "{\"b\":[1,%s],\"a\":2}".formatted(number);
        assertThat(print(json)).isEqualTo(json);
    }

    @Test
    void manyDigitsArePrintedAsTheyStand() {
        assertThat(print("[1,-0.%s ]".formatted(LONG))).isEqualTo("[1, -0.%s]".formatted(LONG));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"b\\n\":1,\"a\":2}", "{\"x\":{\"\\u0022\":1},\"a\":2}"})
    void whatHasANameWithAnEscapeGoesAsItIs(String json) {
        assertThat(print(json)).isEqualTo(json);
    }

    /** Never a part of it, which might be sound. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":1 \"b\":2}",
                "{\"a\" 1}",
                "{\"a\"x1}",
                "{\"a\":}",
                "[1}",
                "{\"a\":[1}]",
                "[1e2e3]",
                "[-0-1]",
                "[+1]",
                "[-01]",
                "[-0.]",
                "[1.e2]",
                "[.5e0]",
                "[1e]",
                "[-e1]",
                "[\u00011]",
                "[1,\u000b2]",
                "[1 2]",
                "[1]]",
                "{\"a\"",
                "[\"x",
                "[\"x\\",
                "[\"x\\u00",
                "[\"\\u1\", \"]",
                "{\"a\"\",\\\":1}"
            })
    void whatIsBrokenGoesAsItIs(String json) {
        assertThat(print(json)).isEqualTo(json);
    }

    @Test
    void whatIsNestedDeepGoesAsItIs() {
        int most = JsonbText.MAX_DEPTH;
        String deepest = "[".repeat(most) + "1,2" + "]".repeat(most);
        assertThat(print(deepest)).isEqualTo(deepest.replace(",", ", "));
        assertThat(print("[" + deepest + "]")).isEqualTo("[" + deepest + "]");
    }

    @Test
    void anObjectOfManyMembersIsSorted() {
        StringBuilder source = new StringBuilder("{");
        StringBuilder printed = new StringBuilder("{");
        for (int i = 0; i < 1_000; i++) {
            source.append(i == 0 ? "" : ",").append("\"k%03d\":%d".formatted(999 - i, i));
            printed.append(i == 0 ? "" : ", ").append("\"k%03d\": %d".formatted(i, 999 - i));
        }
        assertThat(print(source + "}")).isEqualTo(printed + "}");
    }

    @Test
    void anObjectOfThousandsOfMembersGoesAsItIs() {
        String json = IntStream.range(0, 5_000)
                .mapToObj(i -> "\"k%04d\":0".formatted(9_999 - i))
                .collect(Collectors.joining(",", "{", "}"));
        assertThat(print(json)).isEqualTo(json);
    }

    @Test
    void whatWouldGrowWithoutEndGoesAsItIs() {
        String few = "[" + String.join(",", Collections.nCopies(10, "1e999")) + "]";
        assertThat(print(few)).hasSizeGreaterThan(10_000);
        String many = "[" + String.join(",", Collections.nCopies(20_000, "1e999")) + "]";
        assertThat(print(many)).isEqualTo(many);
    }

    @Test
    void itCanBeUsedAgain() {
        JsonbText text = new JsonbText();
        assertThat(print(text, "{\"b\":{\"d\":1,\"c\":2},\"a\":1}"))
                .isEqualTo("{\"a\": 1, \"b\": {\"c\": 2, \"d\": 1}}");
        assertThat(print(text, "{\"\\n\":{\"d\":1,\"c\":2}}")).isEqualTo("{\"\\n\":{\"d\":1,\"c\":2}}");
        assertThat(print(text, "{\"a\":1,\"b\":2}")).isEqualTo("{\"a\": 1, \"b\": 2}");
    }

    @ParameterizedTest
    @CsvSource(delimiterString = " -> ", quoteCharacter = '§', textBlock = """
            {"b":3,"a":4}                 -> {"a": 4, "b": 3}
            {"b":{"a":1,"b":2},"a":"x"}   -> {"a": "x", "b": {"a": 1, "b": 2}}
            {"b":3}                       -> {"b": 3}
            {}                            -> {}
            {"b":3,"a":4,"c":5}           -> {"a": 4, "b": 3, "c": 5}
            {"b":3,"c":4}                 -> {"b": 3, "c": 4}
            {"bb":3,"a":4}                -> {"a": 4, "bb": 3}
            {"a":3,"a":4}                 -> {"a": 4}
            {"\\u0062":3,"a":4}           -> {"a": 4, "b": 3}
            [{"b":3,"a":4},{"b":5,"a":6}] -> [{"a": 4, "b": 3}, {"a": 6, "b": 5}]
            """)
    void theNamesOfTheObjectBeforeMakeNoDifference(String json, String printed) {
        JsonbText text = new JsonbText();
        for (String before : List.of("{\"b\":1,\"a\":2}", "{\"b\":1,\"a\":2,\"b\":3}", "{\"b\":1", json)) {
            print(text, before);
            assertThat(print(text, json)).as("after " + before).isEqualTo(printed);
        }
    }

    @Test
    void moreNamesThanAreRememberedArePrinted() {
        JsonbText text = new JsonbText();
        String name = "n".repeat(10_000);
        for (int i = 0; i < 3; i++) {
            assertThat(print(text, "{\"" + name + "\":1,\"a\":" + i + "}"))
                    .isEqualTo("{\"a\": " + i + ", \"" + name + "\": 1}");
        }
    }

    @Test
    void ofAPageTheFirstValueIsPrintedAndItsEndTold() {
        byte[] page = "  {\"b\":1,\"a\":2} ,3".getBytes(StandardCharsets.UTF_8);
        Bytes out = new Bytes(2);
        assertThat(new JsonbText().appendFirst(page, 1, page.length, out)).isEqualTo(15);
        assertThat(new String(out.data(), 0, out.size(), StandardCharsets.UTF_8))
                .isEqualTo("{\"a\": 2, \"b\": 1}");
        assertThat(new JsonbText().appendFirst(page, 1, 14, out)).isEqualTo(ValueEnd.NONE);
        assertThat(out.size()).isEqualTo(16);
    }
}

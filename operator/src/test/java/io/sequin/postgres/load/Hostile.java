package io.sequin.postgres.load;

import io.sequin.data.Json;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Kinds of records that a source may send and a table can't take as they are, each as a row of the rules of {@code
 * docs/tables.md}, with what must become of it.
 */
public enum Hostile {
    NUL(
            "U+0000",
            "{\"customer\":\"" + Hostile.CANARY + "\\u0000\",\"a\\u0000b\":1}",
            "customer_id || _sync_extra::text = '" + Hostile.CANARY + "\ufffd{\"a\ufffdb\": 1}'",
            null),
    SURROGATE(
            "half of a surrogate pair",
            "{\"metadata\":{\"\\ud83d\":[\"\\ude00x\"]},\"customer\":\"\\ud83d\"}",
            "customer_id || metadata::text = '\ufffd{\"\ufffd\": [\"\ufffdx\"]}'",
            null),
    BYTES(
            "bytes that are not UTF-8",
            broken(),
            "customer_id || metadata::text = 'a\ufffdb\"\ufffd\ufffd\ufffd\"'",
            null),
    NAME(
            "a name of more than 63 bytes",
            "{\"" + "ü".repeat(35) + "\":1}",
            "_sync_extra->>'" + "ü".repeat(35) + "' = '1'",
            null),
    DRIFT(
            "another type than the column's",
            "{\"amount\":\"12\",\"paid\":1,\"customer\":7}",
            "amount is null and paid is null and customer_id is null"
                    + " and _sync_extra = '{\"amount\": \"12\", \"paid\": 1, \"customer\": 7}'",
            null),
    INTEGER(
            "an integer beyond bigint",
            "{\"amount\":9223372036854775808}",
            "amount is null and _sync_extra->>'amount' = '9223372036854775808'",
            null),
    LARGE_JSON(
            "a large object",
            "{\"metadata\":{\"x\":\"" + "y".repeat(1_000_000) + "\"}}",
            "length(metadata->>'x') = 1000000",
            null),
    LARGE_RECORD(
            "a large record",
            "{\"metadata\":\"" + "z".repeat(10_000_000) + "\",\"other\":\"" + "w".repeat(10_000_000) + "\"}",
            "length(metadata #>> '{}') + length(_sync_extra->>'other') = 20000000",
            null),
    LARGE_NUMBER(
            "a number beyond double",
            "{\"metadata\":1e400,\"n\":-1e400}",
            "length(metadata::text) = 401 and length(_sync_extra->>'n') = 402",
            null),
    TIME(
            "a time out of range",
            "{\"created\":99999999999999}",
            "created is null and _sync_extra->>'created' = '99999999999999'",
            null),
    HUGE_NUMBER(
            "a number beyond numeric",
            "{\"metadata\":[\"" + Hostile.CANARY + "\",1e999999]}",
            null,
            "NumberOutOfRange"),
    HUGE_NUMBER_IN_EXTRA("a number beyond numeric", "{\"" + Hostile.CANARY + "\":-1e999999}", null, "NumberOutOfRange"),
    ZEROS("numbers whose exponents", "{\"metadata\":[" + "1e9999,".repeat(140_000) + "0]}", null, "BeyondLimits"),
    DEEP(
            "deeper than 1,000 levels",
            "{\"metadata\":" + "[".repeat(5_000) + "]".repeat(5_000) + "}",
            null,
            "BeyondLimits"),
    NOT_JSON("no JSON object", "{\"metadata\":\"" + Hostile.CANARY, null, "NotJson");

    /** Must show nowhere but in rows and in the record that is set aside. */
    public static final String CANARY = "canary-4711";

    public final String kind;
    /** Never changed, as {@link Json} asks. */
    @SuppressWarnings("ImmutableEnumChecker")
    public final Json record;

    /** What is true of its row. */
    @Nullable
    public final String truth;
    /** Why it is set aside. */
    @Nullable
    public final String reason;

    Hostile(String kind, String record, @Nullable String truth, @Nullable String reason) {
        this(kind, Json.of(record), truth, reason);
    }

    Hostile(String kind, Json record, @Nullable String truth, @Nullable String reason) {
        this.kind = kind;
        this.record = record;
        this.truth = truth;
        this.reason = reason;
    }

    private static Json broken() {
        byte[] bytes = "{\"customer\":\"a?b\",\"metadata\":\"???\"}".getBytes(StandardCharsets.UTF_8);
        // no byte of UTF-8, and a surrogate in UTF-8's pattern
        byte[] hostile = {(byte) 0xff, (byte) 0xed, (byte) 0xa0, (byte) 0x80};
        for (int i = 0, k = 0; i < bytes.length; i++) {
            if (bytes[i] == '?') {
                bytes[i] = hostile[k++];
            }
        }
        return Json.of(bytes);
    }
}

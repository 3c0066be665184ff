package io.sequin.testkit.stripe;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.util.function.Consumer;

/** Changes that no schema announces and that a destination may choke on, for {@link StripeData#update} and {@link StripeData#create}. */
public final class HostileEdits {
    private HostileEdits() {}

    /** A text with U+0000, which Postgres can store in no text and no jsonb. */
    public static Consumer<ObjectNode> nul(String field) {
        return object -> object.put(field, "before\u0000after");
    }

    /** A text with half a surrogate pair, which has no UTF-8 form; it travels as the escape {@code \ud83d}. */
    public static Consumer<ObjectNode> loneSurrogate(String field) {
        return object -> object.put(field, "half a donut \ud83d.");
    }

    /** A text of so many characters. */
    public static Consumer<ObjectNode> hugeText(String field, int characters) {
        return object ->
                object.put(field, "0123456789abcdef".repeat(characters / 16 + 1).substring(0, characters));
    }

    /** Fields of a version that nobody knows yet, one of each JSON type. */
    public static Consumer<ObjectNode> unknownFields() {
        return object -> {
            object.put("future_text", "naïve");
            object.put("future_number", 12345678901234567L);
            object.put("future_flag", true);
            object.putNull("future_null");
            object.putObject("future_hash").put("a", 1).putArray("b").add("x");
            object.putArray("future_list").add(1).add("two");
            object.put("Future Field \"quoted\"; drop table x", "name to be quoted");
        };
    }

    /** An integer field that suddenly is a text with no number in it. */
    public static Consumer<ObjectNode> integerAsText(String field) {
        return object -> object.put(field, "twelve");
    }

    /** A number beyond 64 bits. */
    public static Consumer<ObjectNode> integerBeyondBigint(String field) {
        return object -> object.put(field, new BigInteger("92233720368547758070"));
    }

    /** Hashes in hashes, so many levels. */
    public static Consumer<ObjectNode> deepNesting(String field, int levels) {
        return object -> {
            ObjectNode inner = object.putObject(field);
            for (int i = 0; i < levels; i++) {
                inner = inner.putObject("level");
            }
        };
    }
}

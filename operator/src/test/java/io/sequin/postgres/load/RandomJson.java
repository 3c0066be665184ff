package io.sequin.postgres.load;

import io.sequin.postgres.load.json.JsonbText;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Random JSON as nobody would write it, but that every server can store. */
public final class RandomJson {
    private static final List<String> NUMBERS = List.of(
            "0",
            "-0",
            "-0.0",
            "0.10",
            "1e0",
            "1E+2",
            "-1.50e1",
            "12.5e-3",
            "0e7",
            "0e-7",
            "1e300",
            "1e-300",
            "-0.5",
            "-0e1",
            "123456789012345678901234567890.000",
            "9223372036854775808",
            "0.30000000000000004");
    private static final List<String> PIECES = List.of(
            "a",
            "B",
            "z",
            " ",
            "/",
            "\\/",
            "é",
            "\\u00e9",
            "\\u00E9",
            "€",
            "\\u20ac",
            "😀",
            "\\ud83d\\ude00",
            "\\u0041",
            "\\uffff",
            "\u007f",
            "\\u007f",
            "\u2028",
            "{",
            "]",
            ",",
            ":",
            "null");
    private static final List<String> ESCAPES = List.of(
            "\\n", "\\u000a", "\\t", "\\b", "\\f", "\\r", "\\u0001", "\\u001F", "\\\"", "\\u0022", "\\\\", "\\u005c");
    private static final List<String> SPACES = List.of("", "", "", " ", "\n", "\t\r ");

    private final Random random;
    private final boolean wild;
    private List<String> names = List.of();

    /** @param wild also what {@link JsonbText} leaves as it is */
    public RandomJson(Random random, boolean wild) {
        this.random = random;
        this.wild = wild;
    }

    public String value() {
        int deep = random.nextInt(200) == 0 ? JsonbText.MAX_DEPTH + (wild ? random.nextInt(200) : -8) : 0;
        String inner = space() + value(random.nextInt(5)) + space();
        return random.nextBoolean()
                ? "[".repeat(deep) + inner + "]".repeat(deep)
                : "{\"b\":{},\"a\":".repeat(deep) + inner + "}".repeat(deep);
    }

    private String value(int depth) {
        return switch (random.nextInt(depth > 0 ? 7 : 4)) {
            case 0 -> pick(List.of("true", "false", "null"));
            case 1 -> wild && random.nextInt(9) == 0 ? "1e-" + (900 + random.nextInt(300)) : pick(NUMBERS);
            case 2 -> "" + random.nextInt() + (random.nextBoolean() ? "" : "." + random.nextInt(1_000));
            case 3 -> string(true);
            case 4 -> list(() -> value(depth - 1), "[", "]");
            default -> object(depth);
        };
    }

    /** Often with the names of the object before, or most of them. */
    private String object(int depth) {
        if (random.nextBoolean()) {
            List<String> members = new ArrayList<>();
            for (String name : List.copyOf(names)) {
                if (random.nextInt(20) > 0) {
                    members.add(member(name, depth));
                }
            }
            return "{" + String.join(",", members) + "}";
        }
        List<String> fresh = new ArrayList<>();
        String object = list(
                () -> {
                    fresh.add(string(wild));
                    return member(fresh.getLast(), depth);
                },
                "{",
                "}");
        names = fresh;
        return object;
    }

    private String member(String name, int depth) {
        return name + space() + ":" + space() + value(depth - 1);
    }

    private String list(Supplier<String> item, String open, String close) {
        int size = random.nextInt(30) == 0 ? 40 + random.nextInt(200) : random.nextInt(6);
        return IntStream.range(0, size)
                .mapToObj(i -> space() + item.get() + space())
                .collect(Collectors.joining(",", open + space(), close));
    }

    private String string(boolean escapes) {
        return IntStream.range(0, random.nextInt(5))
                .mapToObj(i -> pick(escapes && random.nextInt(3) == 0 ? ESCAPES : PIECES))
                .collect(Collectors.joining("", "\"", "\""));
    }

    private String space() {
        return pick(SPACES);
    }

    private String pick(List<String> from) {
        return from.get(random.nextInt(from.size()));
    }
}

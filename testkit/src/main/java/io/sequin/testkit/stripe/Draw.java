package io.sequin.testkit.stripe;

import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/** The random choices of one object: always the same ones for the same seed, type and index. */
final class Draw {
    private static final String DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final List<String> GIVEN = List.of(
            "Ada",
            "Zoë",
            "Łukasz",
            "Ольга",
            "太郎",
            "محمد",
            "Nguyễn",
            "Siobhán",
            "José",
            "Þóra",
            "Δημήτρης",
            "Grace",
            "민준",
            "Bob");
    private static final List<String> FAMILY = List.of(
            "Lovelace",
            "Ångström",
            "Wiśniewski",
            "Иванова",
            "山田",
            "العربي",
            "O'Brien",
            "Müller-Lüdenscheidt",
            "Δήμου",
            "Hopper",
            "김",
            "Tables\");--",
            "Çelik",
            "ß");
    private static final List<String> CITIES = List.of(
            "Zürich",
            "東京",
            "Reykjavík",
            "São Paulo",
            "Łódź",
            "Санкт-Петербург",
            "New York",
            "القاهرة",
            "Llanfairpwll",
            "İstanbul");
    private static final List<String> COUNTRIES = List.of("CH", "JP", "IS", "BR", "PL", "RU", "US", "EG", "GB", "TR");
    private static final List<String> PHRASES = List.of(
            "Coffee subscription ☕",
            "naïve façade – “quoted”",
            "tab\there, newline\nthere, \\N and \\.",
            "comma, \"double\", 'single', {braces}, [brackets]",
            "🍩 donuts for 👩‍👩‍👧‍👦",
            "e\u0301 is not é",
            "$1 %s {0} ${x} <b>&amp;</b>",
            "null",
            " leading and trailing ",
            "Annual plan 2026");

    private final SplittableRandom random;

    Draw(long seed, StripeObjectType type, int index) {
        this.random =
                new SplittableRandom(seed * 0x9E3779B97F4A7C15L + type.path().hashCode() * 0xD1B54A32D192ED03L + index);
    }

    /** A choice for somebody else. */
    long bits() {
        return random.nextLong();
    }

    boolean percent(int p) {
        return random.nextInt(100) < p;
    }

    int between(int fromInclusive, int toExclusive) {
        return random.nextInt(fromInclusive, toExclusive);
    }

    String pick(String... values) {
        return values[random.nextInt(values.length)];
    }

    String pick(List<String> values) {
        return values.get(random.nextInt(values.size()));
    }

    String id(String prefix, int length) {
        char[] out = new char[length];
        for (int i = 0; i < length; i++) {
            out[i] = DIGITS.charAt(random.nextInt(DIGITS.length()));
        }
        return prefix + new String(out);
    }

    String hex(int length) {
        return String.format(Locale.ROOT, "%0" + length + "X", random.nextLong() & ((1L << (4 * length)) - 1));
    }

    String personName() {
        return pick(GIVEN) + " " + pick(FAMILY);
    }

    String email() {
        return "user" + random.nextInt(1_000_000) + pick("@example.com", "@example.org", "+tag@example.net");
    }

    String phone() {
        return "+1555" + (1_000_000 + random.nextInt(9_000_000));
    }

    String phrase() {
        return pick(PHRASES);
    }

    String city() {
        return pick(CITIES);
    }

    String country() {
        return pick(COUNTRIES);
    }

    String currency() {
        return pick("usd", "usd", "eur", "gbp", "jpy", "chf", "brl");
    }
}

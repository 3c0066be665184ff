package io.sequin.testkit.stripe;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Texts and integers that a schema allows, and that look like what the property's name promises. */
final class SchemaText {
    private static final Pattern QUOTED = Pattern.compile("`([a-z_]+)`");
    private static final int MONTH_SECONDS = 30 * 24 * 3600;

    private final Draw draw;

    SchemaText(Draw draw) {
        this.draw = draw;
    }

    String text(String name, JsonNode schema) {
        if (schema.has("enum")) {
            return draw.pick(values(schema.get("enum")));
        }
        int longest = schema.path("maxLength").asInt(5000);
        String text = switch (schema.path("format").asText()) {
            case "currency" -> draw.currency();
            case "decimal" -> draw.between(0, 100_000) + "." + draw.between(1, 10);
            default -> byName(name, schema);
        };
        return text.length() > longest ? draw.id("", longest).toLowerCase(Locale.ROOT) : text;
    }

    long integer(String name, JsonNode schema, long created) {
        if (name.equals("created")
                || schema.path("description").asText().startsWith("Time at which the object was created")) {
            return created;
        }
        if (schema.path("format").asText().equals("unix-time")) {
            return created + draw.between(0, MONTH_SECONDS);
        }
        return switch (name) {
            case "exp_month", "month" -> draw.between(1, 13);
            case "exp_year", "year" -> draw.between(2027, 2040);
            case "day" -> draw.between(1, 29);
            case "quantity", "interval_count" -> draw.between(1, 20);
            // some amounts are beyond 32 bits, which Stripe allows in a few currencies
            default -> draw.percent(1) ? 2_147_483_648L + draw.between(0, 1_000_000) : draw.between(0, 500_000);
        };
    }

    /** A key of a free hash; most of Stripe's are currencies or words. */
    String mapKey(JsonNode values, int number) {
        return values.has("$ref") || values.has("properties")
                ? List.of("eur", "usd", "jpy").get(number % 3)
                : "key_" + number;
    }

    private String byName(String name, JsonNode schema) {
        if (name.equals("status") || name.endsWith("_status")) {
            List<String> documented = quoted(schema.path("description").asText());
            return documented.isEmpty() ? "active" : draw.pick(documented);
        }
        if (name.endsWith("url") || name.endsWith("_pdf")) {
            return "https://files.example.com/" + draw.id("", 12);
        }
        return switch (name) {
            case "email", "receipt_email", "customer_email" -> draw.email();
            case "phone", "customer_phone", "phone_number" -> draw.phone();
            case "name", "customer_name", "nickname" -> draw.personName();
            case "city" -> draw.city();
            case "country" -> draw.country();
            case "last4" -> String.valueOf(draw.between(1000, 10_000));
            default -> draw.percent(50) ? draw.phrase() : draw.id("", 12);
        };
    }

    /** Statuses without an enum are words in the description. */
    static List<String> quoted(String description) {
        List<String> words = new ArrayList<>();
        Matcher matcher = QUOTED.matcher(description);
        while (matcher.find()) {
            if (!words.contains(matcher.group(1))) {
                words.add(matcher.group(1));
            }
        }
        return words;
    }

    private static List<String> values(JsonNode options) {
        List<String> values = new ArrayList<>();
        options.forEach(o -> values.add(o.asText()));
        return values;
    }
}

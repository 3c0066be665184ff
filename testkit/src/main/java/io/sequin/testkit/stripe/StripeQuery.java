package io.sequin.testkit.stripe;

import io.sequin.testkit.stripe.Pager.Range;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The parameters of a request, checked as Stripe checks them. */
final class StripeQuery {
    /** {@code types[]=a} and {@code types[0]=a} are the same. */
    private static final Pattern INDEX = Pattern.compile("\\[\\d*]$");

    private static final Set<String> CREATED =
            Set.of("created", "created[gt]", "created[gte]", "created[lt]", "created[lte]");
    private static final Set<String> PAGING = Set.of("limit", "starting_after", "ending_before");
    private static final int MAX_LIMIT = 100;

    private final Map<String, List<String>> values = new LinkedHashMap<>();

    private StripeQuery() {}

    static StripeQuery parse(@Nullable String raw) {
        StripeQuery query = new StripeQuery();
        if (raw == null || raw.isEmpty()) {
            return query;
        }
        for (String pair : raw.split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = decode(equals < 0 ? pair : pair.substring(0, equals));
            String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
            String base = INDEX.matcher(name).replaceFirst("");
            query.values.computeIfAbsent(base, n -> new ArrayList<>()).add(value);
        }
        return query;
    }

    /** Refuses what is neither in {@code own} nor a parameter of every list. */
    void allowOfList(Set<String> own) {
        Set<String> all = new TreeSet<>(own);
        all.addAll(CREATED);
        all.addAll(PAGING);
        allow(all);
    }

    /** Refuses what is not in {@code names}; {@code expand} is known to Stripe, but nothing can be expanded here. */
    void allow(Set<String> names) {
        for (String expand : all("expand")) {
            throw StripeError.badParameter(null, "expand", "This property cannot be expanded (" + expand + ").")
                    .asAnswer();
        }
        for (String name : values.keySet()) {
            if (names.contains(name) && values.getOrDefault(name, List.of()).contains("")) {
                throw StripeError.badParameter(
                                "parameter_invalid_empty",
                                name,
                                "You passed an empty string for '" + name
                                        + "'. We assume empty values are an attempt to unset a parameter; however '"
                                        + name
                                        + "' cannot be unset. You should remove '" + name
                                        + "' from your request or supply a non-empty value.")
                        .asAnswer();
            }
        }
        List<String> unknown =
                values.keySet().stream().filter(n -> !names.contains(n)).toList();
        if (!unknown.isEmpty()) {
            String message = (unknown.size() == 1 ? "Received unknown parameter: " : "Received unknown parameters: ")
                    + String.join(", ", unknown);
            throw StripeError.badParameter("parameter_unknown", unknown.getFirst(), message)
                    .asAnswer();
        }
    }

    Optional<String> one(String name) {
        return Optional.ofNullable(values.get(name)).map(List::getLast);
    }

    List<String> all(String name) {
        return values.getOrDefault(name, List.of());
    }

    int limit() {
        long limit = number("limit").orElse(10L);
        if (limit < 1) {
            throw StripeError.badParameter(
                            "parameter_invalid_integer", "limit", "This value must be greater than or equal to 1.")
                    .asAnswer();
        }
        if (limit > MAX_LIMIT) {
            throw StripeError.badParameter(
                            "parameter_invalid_integer", "limit", "This value must be less than or equal to 100.")
                    .asAnswer();
        }
        return (int) limit;
    }

    Range created() {
        long from = Math.max(
                number("created[gte]").orElse(0L),
                number("created[gt]").map(s -> s + 1).orElse(0L));
        long to = Math.min(
                number("created[lte]").orElse(Range.ALL.to()),
                number("created[lt]").map(s -> s - 1).orElse(Range.ALL.to()));
        Optional<Long> exactly = number("created");
        return exactly.isPresent() ? new Range(exactly.get(), exactly.get()) : new Range(from, to);
    }

    Optional<Boolean> bool(String name) {
        return one(name).map(value -> switch (value) {
            case "true" -> true;
            case "false" -> false;
            default ->
                throw StripeError.badParameter("parameter_invalid_boolean", name, "Invalid boolean: " + value)
                        .asAnswer();
        });
    }

    private Optional<Long> number(String name) {
        return one(name).map(value -> {
            try {
                return Long.valueOf(value);
            } catch (NumberFormatException e) {
                throw StripeError.badParameter("parameter_invalid_integer", name, "Invalid integer: " + value)
                        .asAnswer();
            }
        });
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}

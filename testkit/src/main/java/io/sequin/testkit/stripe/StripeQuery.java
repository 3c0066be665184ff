package io.sequin.testkit.stripe;

import io.sequin.testkit.stripe.Pager.Range;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The parameters of a request, checked as Stripe checks them. */
final class StripeQuery {
    /** {@code types[]=a} and {@code types[0]=a} are the same. */
    private static final Pattern INDEX = Pattern.compile("\\[\\d*]$");

    /** Parameters of every list that are no filter of {@link ObjectFilter}. */
    static final Set<String> COMMON = Set.of("created", "limit", "starting_after", "ending_before", "expand");

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

    /** Refuses what a list doesn't document, and the lack of what it needs. */
    void allowOfList(Collection<StripeParameter> documented) {
        Set<String> known = documented.stream()
                .flatMap(StripeParameter::spellings)
                .filter(name -> !name.equals("expand"))
                .collect(Collectors.toSet());
        documented.stream()
                .filter(p -> p.kind() == StripeParameter.Kind.HASH)
                .forEach(p -> values.keySet().stream()
                        .filter(v -> v.startsWith(p.name() + "["))
                        .forEach(known::add));
        allow(known);
        for (StripeParameter parameter : documented) {
            if (parameter.required() && one(parameter.name()).isEmpty()) {
                throw StripeError.badParameter(
                                "parameter_missing",
                                parameter.name(),
                                "Missing required param: " + parameter.name() + ".")
                        .asAnswer();
            }
        }
    }

    /** Stripe would filter by this, and the fake can't: it would lie if it ignored it. */
    void refuse(String parameter) {
        if (values.keySet().stream().anyMatch(v -> v.equals(parameter) || v.startsWith(parameter + "["))) {
            throw StripeError.badParameter(null, parameter, "The fake Stripe does not filter by " + parameter + ".")
                    .asAnswer();
        }
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

    /** The same with one more value. */
    StripeQuery with(String name, String value) {
        StripeQuery more = new StripeQuery();
        values.forEach((n, all) -> more.values.put(n, new ArrayList<>(all)));
        more.values.computeIfAbsent(name, n -> new ArrayList<>()).add(value);
        return more;
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

    /** The seconds that {@code name}, {@code name[gt]} and so on allow. */
    Range range(String name) {
        long from = Math.max(
                number(name + "[gte]").orElse(0L),
                number(name + "[gt]").map(s -> s + 1).orElse(0L));
        long to = Math.min(
                number(name + "[lte]").orElse(Range.ALL.to()),
                number(name + "[lt]").map(s -> s - 1).orElse(Range.ALL.to()));
        Optional<Long> exactly = number(name);
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

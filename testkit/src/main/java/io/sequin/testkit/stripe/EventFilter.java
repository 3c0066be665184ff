package io.sequin.testkit.stripe;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** The filters of {@code GET /v1/events}: at most 20 exact types, or one pattern with a wildcard, not both. */
record EventFilter(Optional<Set<String>> types, Optional<String> pattern, boolean delivered)
        implements Predicate<StripeEventType> {
    private static final int MAX_TYPES = 20;

    static EventFilter of(StripeQuery query) {
        List<String> types = query.all("types");
        Optional<String> type = query.one("type");
        if (!types.isEmpty() && type.isPresent()) {
            throw StripeError.badRequest("You may only specify one of these parameters: type, types.")
                    .asAnswer();
        }
        if (types.size() > MAX_TYPES) {
            throw StripeError.badParameter(null, "types", "Invalid array: must have at most 20 elements")
                    .asAnswer();
        }
        return new EventFilter(
                types.isEmpty() ? Optional.empty() : Optional.of(Set.copyOf(types)),
                type,
                query.bool("delivery_success").orElse(true));
    }

    @Override
    public boolean test(StripeEventType type) {
        String name = type.wireName();
        return delivered
                && types.map(wanted -> wanted.contains(name)).orElse(true)
                && pattern.map(wanted -> matches(wanted, name)).orElse(true);
    }

    private static boolean matches(String pattern, String name) {
        int star = pattern.indexOf('*');
        return star < 0
                ? pattern.equals(name)
                : name.length() >= pattern.length() - 1
                        && name.startsWith(pattern.substring(0, star))
                        && name.endsWith(pattern.substring(star + 1));
    }
}

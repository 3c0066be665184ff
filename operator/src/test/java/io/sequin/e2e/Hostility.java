package io.sequin.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sequin.testkit.stripe.HostileEdits;
import io.sequin.testkit.stripe.StripeData;
import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Records at the source that Postgres can't take: some are repaired, or kept in {@code _sync_extra}, by the documented rules;
 * others are set aside until they are mended.
 */
final class Hostility {
    /** Those that are set aside hold this in their metadata: more than {@code numeric} can. */
    private static final BigDecimal BEYOND = new BigDecimal("1e999999");

    private static final String NUMBER = "beyond";

    private static final List<Consumer<ObjectNode>> TAKEN = List.of(
            HostileEdits.nul("description"),
            HostileEdits.loneSurrogate("description"),
            HostileEdits.integerAsText("balance"),
            HostileEdits.integerBeyondBigint("balance"),
            HostileEdits.unknownFields());

    private final StripeData data;
    private final Random random;
    /** What a table has of a record that is set aside, by id; none: nothing. */
    private final Map<String, JsonNode> before = new HashMap<>();

    private final Map<Filled, Set<String>> struck = new EnumMap<>(Filled.class);

    Hostility(StripeData data, Random random) {
        this.data = data;
        this.random = random;
    }

    /** To be called while every table equals the source: then it is known which version of a row stays. */
    void strike() {
        spoil(Filled.PRODUCT);
        spoil(Filled.SUBSCRIPTION_ITEM);
        struck(Filled.PRODUCT).add(data.create(Filled.PRODUCT.type(), Hostility::putBeyond));
        Consumer<ObjectNode> edit = TAKEN.get(random.nextInt(TAKEN.size()));
        data.randomLive(Filled.CUSTOMER.type(), random).ifPresent(id -> data.update(Filled.CUSTOMER.type(), id, edit));
    }

    /** Some of what is set aside, at any time. */
    void mend() {
        struck.forEach((filled, ids) -> ids.removeIf(id -> random.nextBoolean() && isMended(filled, id)));
    }

    private boolean isMended(Filled filled, String id) {
        if (data.find(filled.type(), id).filter(Hostility::isSetAside).isPresent()) {
            String mended = "mended " + random.nextInt(1_000_000);
            data.update(filled.type(), id, o -> o.withObjectProperty("metadata").put(NUMBER, mended));
        }
        return true;
    }

    /** A table that was dropped: no earlier version of anything stays. */
    void dropped(Filled filled) {
        before.keySet().removeAll(struck.getOrDefault(filled, Set.of()));
    }

    /** What each table must hold once it has caught up. */
    Map<Filled, Expected> expected() {
        Map<Filled, Expected> all = new TreeMap<>();
        for (Filled filled : Filled.values()) {
            all.put(filled, expected(filled));
        }
        return all;
    }

    private Expected expected(Filled filled) {
        Map<String, JsonNode> rows = new HashMap<>();
        Set<String> open = new HashSet<>();
        Set<String> setAside = new HashSet<>();
        data.truth(filled.type()).forEach((id, object) -> {
            JsonNode there = object;
            if (isSetAside(object)) {
                setAside.add(id);
                there = before.get(id);
            }
            if (filled == Filled.SUBSCRIPTION && setAside.contains(id)) {
                // it shows its newest items: which of its versions was the last without a bad one is not ours to know
                open.add(id);
            } else if (there != null) {
                rows.put(id, filled == Filled.CUSTOMER ? repaired(there) : there);
            }
        });
        return new Expected(rows, open, setAside);
    }

    private void spoil(Filled filled) {
        data.randomLive(filled.type(), random).ifPresent(id -> {
            JsonNode now = data.find(filled.type(), id).orElseThrow();
            if (!isSetAside(now)) {
                before.put(id, now);
            }
            data.update(filled.type(), id, Hostility::putBeyond);
            struck(filled).add(id);
        });
    }

    private Set<String> struck(Filled filled) {
        return struck.computeIfAbsent(filled, f -> new LinkedHashSet<>());
    }

    private static void putBeyond(ObjectNode object) {
        object.withObjectProperty("metadata").put(NUMBER, BEYOND);
    }

    private static boolean isSetAside(JsonNode object) {
        return object.findValues(NUMBER).stream().anyMatch(JsonNode::isNumber);
    }

    /** With U+FFFD for what {@code text} and {@code jsonb} can't hold. */
    private static JsonNode repaired(JsonNode node) {
        if (node.isTextual()) {
            return JsonNodeFactory.instance.textNode(repaired(node.textValue()));
        }
        if (node instanceof ObjectNode object) {
            ObjectNode all = JsonNodeFactory.instance.objectNode();
            object.properties().forEach(field -> all.set(repaired(field.getKey()), repaired(field.getValue())));
            return all;
        }
        if (node instanceof ArrayNode array) {
            ArrayNode all = JsonNodeFactory.instance.arrayNode();
            array.forEach(element -> all.add(repaired(element)));
            return all;
        }
        return node;
    }

    private static String repaired(String text) {
        return text.codePoints()
                .map(c -> c == 0 || Character.getType(c) == Character.SURROGATE ? 0xFFFD : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}

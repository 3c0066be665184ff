package io.sequin.source.stripe;

import com.fasterxml.jackson.databind.JsonNode;
import io.sequin.testkit.stripe.StripeData;
import io.sequin.testkit.stripe.StripeObjectType;
import java.util.Map;
import java.util.Map.Entry;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What every table must hold, by the fake's own word. */
public final class StripeTruth {
    private static final Map<String, StripeObjectType> TYPES = StripeObjectType.all().stream()
            .collect(Collectors.toMap(t -> t.path().replaceAll("\\{[a-z_]+}", ListPlace.PARENT), t -> t));

    private StripeTruth() {}

    /** By table: the objects by id; those that don't say whose they are hold their parent's id too. */
    public static Map<String, Map<String, JsonNode>> of(StripeData data) {
        return StripeTables.all().stream()
                .map(table -> Map.entry(table.name(), of(data, table)))
                .collect(Collectors.toMap(Entry::getKey, Entry::getValue, (a, b) -> a, TreeMap::new));
    }

    static Map<String, JsonNode> of(StripeData data, StripeTable table) {
        StripeObjectType type = TYPES.get(table.place().path());
        if (type == null) {
            throw new AssertionError("the fake does not serve " + table.place());
        }
        return table.addsParent()
                ? data.truth(type, table.spec().parent().orElseThrow().field())
                : data.truth(type);
    }
}

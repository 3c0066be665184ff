package io.sequin.source.stripe;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sequin.data.Change;
import io.sequin.data.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a destination would hold, by the words of the seam alone. */
final class Replica {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Map<String, Map<String, JsonNode>> tables = new HashMap<>();
    private final Map<String, Set<String>> pieces = new HashMap<>();

    Map<String, JsonNode> table(String name) {
        return tables.computeIfAbsent(name, t -> new LinkedHashMap<>());
    }

    void forget() {
        tables.clear();
    }

    /** Applies changes in order and gives back the hints among them. */
    List<Change.Hint> apply(List<Change> changes) {
        List<Change.Hint> hints = new ArrayList<>();
        for (Change change : changes) {
            String key = change.key().parts().getFirst();
            switch (change) {
                case Change.Upsert row -> table(row.table()).put(key, tree(row.object()));
                case Change.Delete gone -> table(gone.table()).remove(key);
                case Change.Hint hint -> hints.add(hint);
                case Change.ChildSet set -> apply(set, key);
            }
        }
        return hints;
    }

    private void apply(Change.ChildSet set, String parent) {
        Set<String> known = pieces.computeIfAbsent(set.table() + " " + parent, p -> new HashSet<>());
        for (Change.Upsert row : set.rows()) {
            known.add(row.key().parts().getFirst());
            table(set.table()).put(row.key().parts().getFirst(), tree(row.object()));
        }
        if (set.complete()) {
            String field =
                    StripeTables.get(set.table()).spec().parent().orElseThrow().field();
            table(set.table())
                    .values()
                    .removeIf(row -> id(row.path(field)).equals(parent)
                            && !known.contains(row.path("id").asText()));
            pieces.remove(set.table() + " " + parent);
        }
    }

    private static String id(JsonNode reference) {
        return reference.isObject() ? reference.path("id").asText() : reference.asText();
    }

    /** Numbers by value: the two sides may keep them in other Java types. */
    private static ObjectNode tree(Json json) {
        try {
            return (ObjectNode) MAPPER.readTree(json.text());
        } catch (JsonProcessingException broken) {
            throw new AssertionError(broken);
        }
    }
}

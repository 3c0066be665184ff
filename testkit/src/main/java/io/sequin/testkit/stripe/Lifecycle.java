package io.sequin.testkit.stripe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * What can happen to an object of one type, from its event types and its schema: {@code invoice.voided} sets the status that the
 * enum has for it. Event types that say nothing about the object's own fields are left out.
 */
final class Lifecycle {
    /** Statuses that are not called as their event. */
    private static final Map<String, List<String>> STATUS = Map.ofEntries(
            Map.entry("finalized", List.of("open")),
            Map.entry("voided", List.of("void")),
            Map.entry("marked_uncollectible", List.of("uncollectible")),
            Map.entry("completed", List.of("complete", "completed", "succeeded")),
            Map.entry("payment_failed", List.of("requires_payment_method")),
            Map.entry("setup_failed", List.of("requires_payment_method")),
            Map.entry("deactivated", List.of("inactive")),
            Map.entry("reactivated", List.of("active")),
            Map.entry("activated", List.of("active")),
            Map.entry("resumed", List.of("active")),
            Map.entry("aborted", List.of("canceled")),
            Map.entry("closed", List.of("closed", "won")));

    private static final Set<String> FINAL = Set.of(
            "accepted",
            "canceled",
            "closed",
            "complete",
            "completed",
            "delivered",
            "disconnected",
            "expired",
            "failed",
            "lost",
            "paid",
            "posted",
            "released",
            "returned",
            "reversed",
            "succeeded",
            "uncollectible",
            "void",
            "won");

    /** Statuses of objects without update events that become final in silence. */
    private static final Map<String, Map<String, String>> SILENT = Map.of(
            "balance_transaction", Map.of("pending", "available"),
            "setup_attempt",
                    Map.of(
                            "requires_confirmation",
                            "abandoned",
                            "requires_action",
                            "failed",
                            "processing",
                            "succeeded"),
            "treasury.transaction", Map.of("open", "posted"),
            "financial_connections.transaction", Map.of("pending", "posted"));

    /** A child's beginning, where its parent's event is not just an update. */
    private static final Map<String, String> PARENT_EVENTS =
            Map.of("transfer_reversal", "reversed", "fee_refund", "refunded", "setup_attempt", "requires_action");

    private static final Map<StripeObjectType, Lifecycle> KNOWN = new ConcurrentHashMap<>();

    private final StripeObjectType type;
    private final JsonNode schema;
    private final Set<String> statuses = new HashSet<>();

    private Lifecycle(StripeObjectType type) {
        this.type = type;
        this.schema = StripeOpenApi.load().schema(type.wireName());
        schema.at("/properties/status/enum").forEach(s -> statuses.add(s.asText()));
    }

    static Lifecycle of(StripeObjectType type) {
        return KNOWN.computeIfAbsent(type, Lifecycle::new);
    }

    /**
     * A step that has an event.
     *
     * @param change what it does to the object
     */
    record Move(StripeEventType event, Consumer<ObjectNode> change) {}

    /** The event of an object's beginning; empty: it begins in silence. */
    Optional<StripeEventType> creation(JsonNode object) {
        return type == StripeObjectType.CHARGE
                ? type.event(object.path("status").asText())
                : type.event("created").or(() -> type.event("opened")).or(() -> type.event("attached"));
    }

    /** The parent's event when a child begins that has no event for it. */
    Optional<StripeEventType> parentEventOfBeginning() {
        return parentEvent(PARENT_EVENTS.getOrDefault(type.wireName(), "updated"));
    }

    /** The parent's event when a child changes or goes that has no event for it. */
    Optional<StripeEventType> parentEventOfChange() {
        return parentEvent("updated");
    }

    private Optional<StripeEventType> parentEvent(String happening) {
        return type.parentType().flatMap(p -> p.event(happening));
    }

    /** The steps from where the object is; a canceled subscription stays, which is why its {@code deleted} is a step. */
    List<Move> moves(JsonNode object) {
        if (type.wireName().equals("review")) {
            return object.path("open").asBoolean(true)
                    ? type.event("closed").map(Lifecycle::closing).stream().toList()
                    : List.of();
        }
        String now = object.path("status").asText();
        List<Move> moves = new ArrayList<>();
        if (!FINAL.contains(now)) {
            for (StripeEventType event : type.events()) {
                String happening = event.happening();
                List<String> names = happening.equals("deleted")
                        ? type.deletable() ? List.of() : List.of("canceled")
                        : STATUS.getOrDefault(happening, List.of(happening));
                names.stream()
                        .filter(s -> statuses.contains(s) && !s.equals(now))
                        .findFirst()
                        .ifPresent(s -> moves.add(new Move(event, o -> o.put("status", s))));
            }
        }
        return moves;
    }

    private static Move closing(StripeEventType event) {
        return new Move(event, o -> o.put("open", false).put("closed_reason", "approved"));
    }

    /** The final status that the object reaches without anybody hearing of it; empty: it is final, or its changes have events. */
    Optional<String> silentEnd(JsonNode object) {
        return Optional.ofNullable(SILENT.getOrDefault(type.wireName(), Map.of())
                .get(object.path("status").asText()));
    }

    /** Whether objects of the type become final in silence. */
    boolean endsSilently() {
        return SILENT.containsKey(type.wireName());
    }

    /** Whether somebody who reads events, or lists by {@code created}, can learn that one was made. */
    boolean creationIsNoticed() {
        return creation(schema).isPresent()
                || type.parameters().containsKey("created")
                || parentEventOfBeginning().isPresent()
                || type == StripeObjectType.CHARGE;
    }

    /** Whether an update has an event. */
    boolean updateIsNoticed() {
        return type.event("updated").isPresent() || isToldByParent();
    }

    /** Whether a deletion has an event. */
    boolean deletionIsNoticed() {
        return type.deletable() && (type.event("deleted").isPresent() || isToldByParent());
    }

    private boolean isToldByParent() {
        return type.events().isEmpty() && parentEventOfChange().isPresent();
    }

    /** A change of the kind that {@code updated} events are about; false: the schema has nothing to change. */
    boolean touch(ObjectNode object, Random random) {
        JsonNode properties = schema.path("properties");
        if (type.wireName().equals("price") && random.nextInt(3) == 0) {
            object.put("active", !object.path("active").booleanValue());
            return true;
        }
        if (properties.has("metadata")) {
            ObjectNode metadata = object.withObjectProperty("metadata");
            metadata.put("revision", String.valueOf(metadata.path("revision").asInt(0) + 1));
            return true;
        }
        for (var property : properties.properties()) {
            String name = property.getKey();
            if (property.getValue().path("type").asText().equals("boolean")
                    && object.path(name).isBoolean()
                    && !name.equals("livemode")) {
                object.put(name, !object.path(name).booleanValue());
                return true;
            }
        }
        for (String name : List.of("description", "name", "display_name", "nickname")) {
            if (properties.path(name).path("maxLength").asInt() > 100) {
                object.put(name, "changed " + random.nextInt(1_000_000));
                return true;
            }
        }
        return false;
    }
}

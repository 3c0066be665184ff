package io.sequin.testkit.stripe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.InstantSource;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Objects, events and time of one data set, and what each change does to them. Not safe for threads; {@link StripeData} locks.
 *
 * <p>A child that has no event of its own is heard of by its parent's: a subscription's item by {@code
 * customer.subscription.updated}. What neither announces happens silently, as at Stripe.
 */
final class World {
    private static final List<String> FIXED = List.of("id", "object", "created", "livemode");

    private final long key;
    private final boolean livemode;
    private final InstantSource clock;
    private final EventLog events;
    private StoredObjects objects;
    private LongSupplier lateness = () -> 0;
    private long lastMillis;

    World(long key, boolean livemode, InstantSource clock) {
        this.key = key;
        this.livemode = livemode;
        this.clock = clock;
        this.objects = new StoredObjects(0, key, livemode);
        this.events = new EventLog(key);
    }

    StoredObjects objects() {
        return objects;
    }

    ObjectTable table(StripeObjectType type) {
        return objects.table(type);
    }

    EventLog events() {
        return events;
    }

    void lateness(LongSupplier millis) {
        lateness = millis;
    }

    /** Begins anew with objects of another seed. */
    Seeder seeder(long seed) {
        if (!objects.isEmpty()) {
            throw new IllegalStateException("only an empty data set can be seeded");
        }
        objects = new StoredObjects(seed, key, livemode);
        return new Seeder(objects, events, now());
    }

    /** Milliseconds since the epoch; never less than before. */
    long millis() {
        lastMillis = Math.max(lastMillis, clock.millis());
        return lastMillis;
    }

    String create(StripeObjectType type, Consumer<ObjectNode> edit) {
        return created(type, table(type).append(now()), edit);
    }

    String createNamed(StripeObjectType type, String id, Consumer<ObjectNode> edit) {
        ObjectTable table = table(type);
        int old = table.indexOf(id);
        if (old >= 0 && table.isLive(old)) {
            throw new IllegalStateException(type.wireName() + " already exists: " + id);
        }
        return created(type, table.append(now(), id), edit);
    }

    String createChild(StripeObjectType type, String parentId, Consumer<ObjectNode> edit) {
        int parent = live(parentOf(type), parentId);
        ObjectNode before = parentBody(type, parent);
        int index = table(type).appendChild(now(), parent);
        String id = created(type, index, edit);
        if (type.event("created").isEmpty()) {
            announceToParent(Lifecycle.of(type).parentEventOfBeginning(), type, parent, before);
        }
        return id;
    }

    void change(StripeObjectType type, String id, Optional<StripeEventType> event, Consumer<ObjectNode> edit) {
        int index = live(type, id);
        ObjectNode before = JsonBytes.parse(objects.body(type, index));
        ObjectNode after = edited(before, edit);
        if (before.equals(after)) {
            return;
        }
        if (type == StripeObjectType.PRODUCT) {
            after.put("updated", now());
        }
        int parent = table(type).parentOf(index);
        ObjectNode parentBefore = parent < 0 ? null : parentBody(type, parent);
        Body body = JsonBytes.of(after);
        table(type).edit(index, body);
        if (event.isPresent()) {
            append(event.get(), type, index, body, JsonBytes.of(PreviousAttributes.between(before, after)));
        } else if (parentBefore != null) {
            announceToParent(Lifecycle.of(type).parentEventOfChange(), type, parent, parentBefore);
        }
    }

    /** A change that nobody hears of. */
    void changeSilently(StripeObjectType type, String id, Consumer<ObjectNode> edit) {
        int index = live(type, id);
        table(type).edit(index, JsonBytes.of(edited(JsonBytes.parse(objects.body(type, index)), edit)));
    }

    void delete(StripeObjectType type, String id) {
        if (!type.deletable()) {
            throw new IllegalArgumentException("Stripe has no way to delete a " + type.wireName());
        }
        int index = live(type, id);
        int parent = table(type).parentOf(index);
        ObjectNode parentBefore = parent < 0 ? null : parentBody(type, parent);
        Body last = snapshot(type, index);
        for (StripeObjectType child : StripeObjectType.childrenOf(type)) {
            table(child).childrenOf(index).forEach(table(child)::delete);
        }
        table(type).delete(index);
        Optional<StripeEventType> event = type.event("deleted");
        if (event.isPresent()) {
            append(event.get(), type, index, last, null);
        } else if (parentBefore != null) {
            announceToParent(Lifecycle.of(type).parentEventOfChange(), type, parent, parentBefore);
        }
    }

    /** A live object as it is now. */
    Optional<JsonNode> find(StripeObjectType type, String id) {
        int index = table(type).indexOf(id);
        return index >= 0 && table(type).isLive(index)
                ? Optional.of(JsonBytes.parse(objects.body(type, index)))
                : Optional.empty();
    }

    /** Every live object, oldest first. */
    void forEachLive(StripeObjectType type, BiConsumer<String, JsonNode> sink) {
        ObjectTable table = table(type);
        for (int i = 0; i < table.size(); i++) {
            if (table.isLive(i)) {
                sink.accept(table.id(i), JsonBytes.parse(objects.body(type, i)));
            }
        }
    }

    /** The id of some live object. */
    Optional<String> randomLive(StripeObjectType type, Random random) {
        ObjectTable table = table(type);
        int size = table.size();
        int start = size == 0 ? 0 : random.nextInt(size);
        return IntStream.range(start, start + size)
                .map(i -> i % size)
                .filter(table::isLive)
                .mapToObj(table::id)
                .findFirst();
    }

    /** The index of a live object. */
    int live(StripeObjectType type, String id) {
        int index = table(type).indexOf(id);
        if (index < 0 || !table(type).isLive(index)) {
            throw new NoSuchElementException("No such " + type.wireName() + ": " + id);
        }
        return index;
    }

    private String created(StripeObjectType type, int index, Consumer<ObjectNode> edit) {
        ObjectNode generated = JsonBytes.parse(objects.generated(type, index));
        ObjectNode wanted = edited(generated, body -> {
            dropDeletedCustomer(body);
            edit.accept(body);
        });
        if (!generated.equals(wanted)) {
            table(type).edit(index, JsonBytes.of(wanted));
        }
        Optional<StripeEventType> event = Lifecycle.of(type).creation(wanted);
        if (event.isPresent()) {
            append(event.get(), type, index, snapshot(type, index), null);
        }
        return table(type).id(index);
    }

    /** The object as it is now, for an event; null: it can be made again, as it never changed and shows no children. */
    private @Nullable Body snapshot(StripeObjectType type, int index) {
        boolean changes = table(type).editedBody(index).isPresent()
                || !type.embeddedLists().isEmpty();
        return changes ? objects.body(type, index) : null;
    }

    private void announceToParent(
            Optional<StripeEventType> event, StripeObjectType type, int parent, ObjectNode before) {
        StripeObjectType parentType = parentOf(type);
        if (event.isPresent()) {
            Body now = objects.body(parentType, parent);
            Body previous = JsonBytes.of(PreviousAttributes.between(before, JsonBytes.parse(now)));
            append(event.get(), parentType, parent, now, previous);
        }
    }

    private ObjectNode parentBody(StripeObjectType child, int parent) {
        return JsonBytes.parse(objects.body(parentOf(child), parent));
    }

    private static StripeObjectType parentOf(StripeObjectType type) {
        return type.parentType()
                .orElseThrow(() -> new IllegalArgumentException("a " + type.wireName() + " is nobody's child"));
    }

    /** Nobody can charge a deleted customer. */
    private void dropDeletedCustomer(ObjectNode body) {
        JsonNode customer = body.path("customer");
        ObjectTable customers = table(StripeObjectType.CUSTOMER);
        int index = customer.isTextual() ? customers.indexOf(customer.textValue()) : -1;
        if (body.path("object").asText().equals("charge") && index >= 0 && !customers.isLive(index)) {
            body.putNull("customer");
        }
    }

    private static ObjectNode edited(ObjectNode before, Consumer<ObjectNode> edit) {
        ObjectNode after = before.deepCopy();
        edit.accept(after);
        for (String fixed : FIXED) {
            if (!before.path(fixed).equals(after.path(fixed))) {
                throw new IllegalArgumentException("Stripe never changes " + fixed);
            }
        }
        return after;
    }

    private void append(
            StripeEventType event, StripeObjectType type, int index, @Nullable Body body, @Nullable Body previous) {
        events.append(new EventLog.Entry(now(), millis() + lateness.getAsLong(), event, type, index, body, previous));
    }

    private long now() {
        return millis() / 1000;
    }
}

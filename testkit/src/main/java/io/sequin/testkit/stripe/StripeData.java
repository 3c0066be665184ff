package io.sequin.testkit.stripe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The data of one account in one mode (live or test): objects, their events, and the mutations that tests make. Every mutation
 * writes the event that Stripe documents for it, with the object as it is after the change. Safe for threads.
 *
 * <p>Its time never goes back, whatever the clock does, as Stripe's list order depends on it.
 */
public final class StripeData {
    /** Events older than this are gone: 30 days, as documented. */
    public static final long EVENT_RETENTION_SECONDS = Duration.ofDays(30).toSeconds();

    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private final long key;
    private final boolean livemode;
    private final InstantSource clock;
    private StoredObjects objects;
    private EventLog events;
    private LongSupplier lateness = () -> 0;
    private long lastMillis;

    StripeData(String accountId, boolean livemode, InstantSource clock) {
        this.key = accountId.hashCode() * 2L + (livemode ? 1 : 0);
        this.livemode = livemode;
        this.clock = clock;
        this.objects = new StoredObjects(0, key, livemode);
        this.events = new EventLog(key);
    }

    /**
     * Fills this data set; the same seed, counts and clock give the same objects.
     *
     * @throws IllegalStateException where it is not empty
     */
    public void seed(long seed, int customers, int products, int charges) {
        write(() -> {
            if (!objects.isEmpty()) {
                throw new IllegalStateException("only an empty data set can be seeded");
            }
            objects = new StoredObjects(seed, key, livemode);
            new Seeder(objects, events).fill(now(), customers, products, charges);
            return objects;
        });
    }

    /** Creates an object with random content and gives its id. */
    public String create(StripeObjectType type) {
        return create(type, body -> {});
    }

    /** Creates an object whose random content is changed by {@code edit}, and gives its id. */
    public String create(StripeObjectType type, Consumer<ObjectNode> edit) {
        return write(() -> {
            int index = objects.table(type).append(now());
            return created(type, index, edit);
        });
    }

    /**
     * Creates a product under an id chosen by the client, which may have belonged to a deleted product.
     *
     * @throws IllegalStateException where a live product has it
     */
    public void createProduct(String id, Consumer<ObjectNode> edit) {
        write(() -> {
            ObjectTable products = objects.table(StripeObjectType.PRODUCT);
            int old = products.indexOf(id);
            if (old >= 0 && products.isLive(old)) {
                throw new IllegalStateException("Product already exists: " + id);
            }
            return created(StripeObjectType.PRODUCT, products.append(now(), id), edit);
        });
    }

    /**
     * Changes an object. An edit that changes nothing has no event, as with Stripe.
     *
     * @throws NoSuchElementException where no live object has the id
     */
    public void update(StripeObjectType type, String id, Consumer<ObjectNode> edit) {
        change(type, id, StripeEventType.updated(type), edit);
    }

    /**
     * Deletes a customer or product.
     *
     * @throws NoSuchElementException where no live object has the id
     * @throws IllegalArgumentException for a charge
     */
    public void delete(StripeObjectType type, String id) {
        StripeEventType event = StripeEventType.deleted(type);
        write(() -> {
            int index = live(type, id);
            Body last = objects.table(type).editedBody(index).orElse(null);
            objects.table(type).delete(index);
            append(event, type, index, last, null);
            return index;
        });
    }

    /** Makes a change to a charge that has an event of its own, for example {@link ChargeChange#capture()}. */
    public void change(String chargeId, ChargeChange change) {
        change(StripeObjectType.CHARGE, chargeId, change.event(), change.edit());
    }

    /** Makes {@code n} random mutations of all kinds and says how many events of which type they made. */
    public Map<StripeEventType, Integer> churn(Random random, int n) {
        return new Churn(this, random).run(n);
    }

    /**
     * From now on each event appears late by up to {@code maxDelay}, so that events appear out of order, as Stripe's list is only
     * eventually consistent. Zero: at once, as at the start.
     */
    public void delayEvents(Duration maxDelay, Random random) {
        long bound = maxDelay.toMillis() + 1;
        write(() -> lateness = () -> random.nextLong(bound));
    }

    /** Number of live objects. */
    public int count(StripeObjectType type) {
        return read(() -> objects.table(type).live());
    }

    /** Number of events ever written, expired ones too. */
    public int eventCount() {
        return read(() -> events.size());
    }

    /** A live object as it is now; empty: unknown or deleted. */
    public Optional<JsonNode> find(StripeObjectType type, String id) {
        return read(() -> {
            int index = objects.table(type).indexOf(id);
            return index >= 0 && objects.table(type).isLive(index)
                    ? Optional.of(JsonBytes.parse(objects.body(type, index)))
                    : Optional.empty();
        });
    }

    /** Every live object by id, oldest first: what a destination must hold. For large sets {@link #forEachLive}. */
    public Map<String, JsonNode> truth(StripeObjectType type) {
        Map<String, JsonNode> all = new LinkedHashMap<>();
        forEachLive(type, all::put);
        return Collections.unmodifiableMap(all);
    }

    /** Gives every live object to {@code sink}, oldest first. No mutation happens meanwhile; {@code sink} must not make one. */
    public void forEachLive(StripeObjectType type, BiConsumer<String, JsonNode> sink) {
        read(() -> {
            ObjectTable table = objects.table(type);
            for (int i = 0; i < table.size(); i++) {
                if (table.isLive(i)) {
                    sink.accept(table.id(i), JsonBytes.parse(objects.body(type, i)));
                }
            }
            return table;
        });
    }

    /** The id of some live object; empty: there is none. */
    public Optional<String> randomLive(StripeObjectType type, Random random) {
        return read(() -> {
            ObjectTable table = objects.table(type);
            int start = table.size() == 0 ? 0 : random.nextInt(table.size());
            for (int i = 0; i < table.size(); i++) {
                int index = (start + i) % table.size();
                if (table.isLive(index)) {
                    return Optional.of(table.id(index));
                }
            }
            return Optional.empty();
        });
    }

    boolean livemode() {
        return livemode;
    }

    /** Milliseconds since the epoch. */
    long nowMillis() {
        return write(this::millis);
    }

    <T> T readObjects(BiFunction<StoredObjects, EventLog, T> reader) {
        return read(() -> reader.apply(objects, events));
    }

    private void change(StripeObjectType type, String id, StripeEventType event, Consumer<ObjectNode> edit) {
        write(() -> {
            int index = live(type, id);
            ObjectNode before = JsonBytes.parse(objects.body(type, index));
            ObjectNode after = edited(before, edit);
            if (before.equals(after)) {
                return index;
            }
            if (type == StripeObjectType.PRODUCT) {
                after.put("updated", now());
            }
            Body body = JsonBytes.of(after);
            objects.table(type).edit(index, body);
            append(event, type, index, body, JsonBytes.of(PreviousAttributes.between(before, after)));
            return index;
        });
    }

    private String created(StripeObjectType type, int index, Consumer<ObjectNode> edit) {
        ObjectNode generated = JsonBytes.parse(objects.generated(type, index));
        ObjectNode wanted = edited(generated, body -> {
            dropDeletedCustomer(body);
            edit.accept(body);
        });
        Body body = null;
        if (!generated.equals(wanted)) {
            body = JsonBytes.of(wanted);
            objects.table(type).edit(index, body);
        }
        append(StripeEventType.created(type, wanted.path("status").asText()), type, index, body, null);
        return objects.table(type).id(index);
    }

    /** Nobody can charge a deleted customer. */
    private void dropDeletedCustomer(ObjectNode body) {
        JsonNode customer = body.path("customer");
        ObjectTable customers = objects.table(StripeObjectType.CUSTOMER);
        if (customer.isTextual() && !customers.isLive(customers.indexOf(customer.textValue()))) {
            body.putNull("customer");
        }
    }

    private static ObjectNode edited(ObjectNode before, Consumer<ObjectNode> edit) {
        ObjectNode after = before.deepCopy();
        edit.accept(after);
        for (String fixed : new String[] {"id", "object", "created", "livemode"}) {
            if (!before.path(fixed).equals(after.path(fixed))) {
                throw new IllegalArgumentException("Stripe never changes " + fixed);
            }
        }
        return after;
    }

    private int live(StripeObjectType type, String id) {
        int index = objects.table(type).indexOf(id);
        if (index < 0 || !objects.table(type).isLive(index)) {
            throw new NoSuchElementException("No such " + type.wireName() + ": " + id);
        }
        return index;
    }

    private void append(
            StripeEventType event, StripeObjectType type, int index, @Nullable Body body, @Nullable Body previous) {
        events.append(new EventLog.Entry(now(), millis() + lateness.getAsLong(), event, type, index, body, previous));
    }

    private long now() {
        return millis() / 1000;
    }

    private long millis() {
        lastMillis = Math.max(lastMillis, clock.millis());
        return lastMillis;
    }

    private <T> T read(Supplier<T> work) {
        return locked(lock.readLock(), work);
    }

    private <T> T write(Supplier<T> work) {
        return locked(lock.writeLock(), work);
    }

    private static <T> T locked(Lock lock, Supplier<T> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }
}

package io.sequin.testkit.stripe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;

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
    private final Set<String> missingProducts = ConcurrentHashMap.newKeySet();
    private final String accountId;
    private final boolean livemode;
    private final World world;

    StripeData(String accountId, boolean livemode, InstantSource clock) {
        this.accountId = accountId;
        this.livemode = livemode;
        this.world = new World(accountId.hashCode() * 2L + (livemode ? 1 : 0), livemode, clock);
    }

    /**
     * Fills this data set; the same seed, counts and clock give the same objects.
     *
     * @throws IllegalStateException where it is not empty
     */
    public void seed(long seed, int customers, int products, int charges) {
        Map<StripeObjectType, Integer> counts = new LinkedHashMap<>();
        counts.put(StripeObjectType.CUSTOMER, customers);
        counts.put(StripeObjectType.PRODUCT, products);
        counts.put(StripeObjectType.CHARGE, charges);
        write(() -> {
            world.seeder(seed).fill(counts).finish();
            return world;
        });
    }

    /**
     * Fills this data set with so many objects of each kind, and gives children to those that can have them: most have few, one in
     * seven has more than it shows by itself, and one of each kind more than a page.
     *
     * @param counts of kinds without a parent
     * @throws IllegalStateException where it is not empty
     * @throws IllegalArgumentException for a kind that has a parent
     */
    public void seed(long seed, Map<StripeObjectType, Integer> counts) {
        write(() -> {
            world.seeder(seed).fill(counts).withChildren().finish();
            return world;
        });
    }

    /** As {@link #seed(long, Map)}, with {@code each} objects of every kind. */
    public void seedAll(long seed, int each) {
        Map<StripeObjectType, Integer> counts = new LinkedHashMap<>();
        StripeObjectType.all().stream().filter(t -> t.parentType().isEmpty()).forEach(t -> counts.put(t, each));
        seed(seed, counts);
    }

    /** Creates an object with random content and gives its id. */
    public String create(StripeObjectType type) {
        return create(type, body -> {});
    }

    /**
     * Creates an object whose random content is changed by {@code edit}, and gives its id.
     *
     * @throws IllegalArgumentException for a kind that has a parent
     */
    public String create(StripeObjectType type, Consumer<ObjectNode> edit) {
        if (type.parentType().isPresent()) {
            throw new IllegalArgumentException("whose child? " + type);
        }
        return write(() -> world.create(type, edit));
    }

    /**
     * Creates a child of {@code parentId}, and gives its id.
     *
     * @throws NoSuchElementException where no live object has the parent's id
     * @throws IllegalArgumentException for a kind without a parent
     */
    public String createChild(StripeObjectType type, String parentId, Consumer<ObjectNode> edit) {
        return write(() -> world.createChild(type, parentId, edit));
    }

    /**
     * Creates a product under an id chosen by the client, which may have belonged to a deleted product.
     *
     * @throws IllegalStateException where a live product has it
     */
    public void createProduct(String id, Consumer<ObjectNode> edit) {
        write(() -> world.createNamed(StripeObjectType.PRODUCT, id, edit));
    }

    void createConnected(String account) {
        write(() -> world.createNamed(StripeObjectType.of("account"), account, body -> {}));
    }

    /**
     * Changes an object. An edit that changes nothing has no event, as with Stripe; nor has one of a kind without {@code updated}.
     *
     * @throws NoSuchElementException where no live object has the id
     */
    public void update(StripeObjectType type, String id, Consumer<ObjectNode> edit) {
        changed(type, id, type.event("updated"), edit);
    }

    /**
     * Deletes an object, and its children with it. A kind without {@code deleted} goes in silence.
     *
     * @throws NoSuchElementException where no live object has the id
     * @throws IllegalArgumentException where Stripe deletes no such objects, as a charge or a subscription
     */
    public void delete(StripeObjectType type, String id) {
        write(() -> {
            world.delete(type, id);
            return world;
        });
    }

    /** Makes a change to a charge that has an event of its own, for example {@link ChargeChange#capture()}. */
    public void change(String chargeId, ChargeChange change) {
        changed(StripeObjectType.CHARGE, chargeId, Optional.of(change.event()), change.edit());
    }

    /**
     * Makes a change that has an event of its own, for example {@code invoice.voided}.
     *
     * @throws IllegalArgumentException where Stripe has no such event about such an object
     */
    public void change(StripeObjectType type, String id, StripeEventType event, Consumer<ObjectNode> edit) {
        if (!type.events().contains(event)) {
            throw new IllegalArgumentException(event + " is not about a " + type.wireName());
        }
        changed(type, id, Optional.of(event), edit);
    }

    /** Cancels a subscription: the event is {@code customer.subscription.deleted}, and the object stays. */
    public void cancelSubscription(String id) {
        StripeObjectType type = StripeObjectType.of("subscription");
        changed(type, id, type.event("deleted"), subscription -> subscription.put("status", "canceled"));
    }

    /** Lets an object whose changes have no events reach its final status, if it is not there yet; false: nothing changed. */
    public boolean settle(StripeObjectType type, String id) {
        Optional<String> end = find(type, id).flatMap(Lifecycle.of(type)::silentEnd);
        end.ifPresent(status -> changed(type, id, Optional.empty(), object -> object.put("status", status)));
        return end.isPresent();
    }

    /** From now on the account is not set up for this part of Stripe, for example {@code issuing}. */
    public void withoutProduct(String product) {
        if (!StripeCatalog.PRODUCTS.contains(product)) {
            throw new IllegalArgumentException(product + " is none of " + StripeCatalog.PRODUCTS);
        }
        missingProducts.add(product);
    }

    /** From now on the account is set up for it, as at the start. */
    public void withProduct(String product) {
        missingProducts.remove(product);
    }

    boolean hasProduct(String product) {
        return !missingProducts.contains(product);
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
        write(() -> {
            world.lateness(() -> random.nextLong(bound));
            return world;
        });
    }

    /** Number of live objects. */
    public int count(StripeObjectType type) {
        return read(() -> table(type).live());
    }

    /** Number of events ever written, expired ones too. */
    public int eventCount() {
        return read(() -> world.events().size());
    }

    /** The kinds of which there was ever an object, parents before children. */
    public List<StripeObjectType> typesInUse() {
        return read(() -> world.objects().typesInUse());
    }

    /** A live object as it is now; empty: unknown or deleted. */
    public Optional<JsonNode> find(StripeObjectType type, String id) {
        return read(() -> {
            int index = table(type).indexOf(id);
            return index >= 0 && table(type).isLive(index)
                    ? Optional.of(JsonBytes.parse(world.objects().body(type, index)))
                    : Optional.empty();
        });
    }

    /** The id of a live child's parent; empty: the kind has no parent. */
    public Optional<String> parentOf(StripeObjectType type, String id) {
        return read(() -> type.parentType().map(p -> table(p).id(table(type).parentOf(world.live(type, id)))));
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
            ObjectTable table = table(type);
            for (int i = 0; i < table.size(); i++) {
                if (table.isLive(i)) {
                    sink.accept(table.id(i), JsonBytes.parse(world.objects().body(type, i)));
                }
            }
            return table;
        });
    }

    /** The id of some live object; empty: there is none. */
    public Optional<String> randomLive(StripeObjectType type, Random random) {
        return read(() -> {
            ObjectTable table = table(type);
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

    String accountId() {
        return accountId;
    }

    /** Milliseconds since the epoch. */
    long nowMillis() {
        return write(world::millis);
    }

    /** The types of the events from this number on. */
    List<StripeEventType> eventTypesFrom(int first) {
        return read(() -> IntStream.range(first, world.events().size())
                .mapToObj(i -> world.events().get(i).type())
                .toList());
    }

    <T> T readObjects(BiFunction<StoredObjects, EventLog, T> reader) {
        return read(() -> reader.apply(world.objects(), world.events()));
    }

    private void changed(StripeObjectType type, String id, Optional<StripeEventType> event, Consumer<ObjectNode> edit) {
        write(() -> {
            world.change(type, id, event, edit);
            return world;
        });
    }

    private ObjectTable table(StripeObjectType type) {
        return world.objects().table(type);
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

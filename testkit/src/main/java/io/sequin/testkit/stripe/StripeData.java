package io.sequin.testkit.stripe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.stream.Collectors;
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

    private final StripeProducts products = new StripeProducts();
    private final boolean livemode;
    private final LockedWorld world;

    StripeData(String accountId, boolean livemode, InstantSource clock) {
        this.livemode = livemode;
        this.world = new LockedWorld(new World(accountId.hashCode() * 2L + (livemode ? 1 : 0), livemode, clock));
    }

    /**
     * Fills this data set; the same seed, counts and clock give the same objects.
     *
     * @throws IllegalStateException where it is not empty
     */
    public void seed(long seed, int customers, int products, int charges) {
        Map<StripeObjectType, Integer> counts = Map.of(
                StripeObjectType.CUSTOMER,
                customers,
                StripeObjectType.PRODUCT,
                products,
                StripeObjectType.CHARGE,
                charges);
        world.change(w -> w.seeder(seed).fill(counts).finish());
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
        world.change(w -> w.seeder(seed).fill(counts).withChildren().finish());
    }

    /** As {@link #seed(long, Map)}, with {@code each} objects of every kind. */
    public void seedAll(long seed, int each) {
        seed(
                seed,
                StripeObjectType.all().stream()
                        .filter(t -> t.parentType().isEmpty())
                        .collect(Collectors.toMap(t -> t, t -> each)));
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
        return world.write(w -> w.create(type, edit));
    }

    /**
     * Creates a child of {@code parentId}, and gives its id.
     *
     * @throws NoSuchElementException where no live object has the parent's id
     * @throws IllegalArgumentException for a kind without a parent
     */
    public String createChild(StripeObjectType type, String parentId, Consumer<ObjectNode> edit) {
        return world.write(w -> w.createChild(type, parentId, edit));
    }

    /**
     * Creates a product under an id chosen by the client, which may have belonged to a deleted product.
     *
     * @throws IllegalStateException where a live product has it
     */
    public void createProduct(String id, Consumer<ObjectNode> edit) {
        world.change(w -> w.createNamed(StripeObjectType.PRODUCT, id, edit));
    }

    /** The platform's own view of an account that is connected to it, made when it is not there yet. */
    void showConnected(String account) {
        StripeObjectType type = StripeObjectType.of("account");
        if (find(type, account).isEmpty()) {
            world.change(w -> w.createNamed(type, account, body -> {}));
        }
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
        world.change(w -> w.delete(type, id));
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
        long now = nowMillis() / 1000;
        changed(
                type,
                id,
                type.event("deleted"),
                s -> s.put("status", "canceled").put("canceled_at", now).put("ended_at", now));
    }

    /** Lets an object whose changes have no events reach its final status, if it is not there yet; false: nothing changed. */
    public boolean settle(StripeObjectType type, String id) {
        Optional<String> end = find(type, id).flatMap(Lifecycle.of(type)::silentEnd);
        end.ifPresent(status -> world.change(w -> w.changeSilently(type, id, o -> o.put("status", status))));
        return end.isPresent();
    }

    /** Lets everything settle that can; how much that was. */
    public int settleAll() {
        return typesInUse().stream()
                .filter(type -> Lifecycle.of(type).endsSilently())
                .mapToInt(type -> (int) truth(type).keySet().stream()
                        .filter(id -> settle(type, id))
                        .count())
                .sum();
    }

    /** The parts of Stripe that the account has. */
    public StripeProducts products() {
        return products;
    }

    /** Makes {@code n} random mutations of customers, products, charges and every other kind in use: how many events of which type. */
    public Map<StripeEventType, Integer> churn(Random random, int n) {
        Set<StripeObjectType> types = new LinkedHashSet<>(StripeObjectType.core());
        types.addAll(typesInUse());
        return churn(random, n, types);
    }

    /** As {@link #churn(Random, int)}, of these kinds only. */
    public Map<StripeEventType, Integer> churn(Random random, int n, Set<StripeObjectType> types) {
        return new Churn(this, random, types).run(n);
    }

    /**
     * From now on each event appears late by up to {@code maxDelay}, so that events appear out of order, as Stripe's list is only
     * eventually consistent. Zero: at once, as at the start.
     */
    public void delayEvents(Duration maxDelay, Random random) {
        long bound = maxDelay.toMillis() + 1;
        world.change(w -> w.lateness(() -> random.nextLong(bound)));
    }

    /** Number of live objects. */
    public int count(StripeObjectType type) {
        return world.read(w -> w.table(type).live());
    }

    /** Number of events ever written, expired ones too. */
    public int eventCount() {
        return world.read(w -> w.events().size());
    }

    /** The kinds of which there was ever an object, parents before children. */
    public List<StripeObjectType> typesInUse() {
        return world.read(w -> w.objects().typesInUse());
    }

    /** A live object as it is now; empty: unknown or deleted. */
    public Optional<JsonNode> find(StripeObjectType type, String id) {
        return world.read(w -> w.find(type, id));
    }

    /** The id of a live child's parent; empty: the kind has no parent. */
    public Optional<String> parentOf(StripeObjectType type, String id) {
        return world.read(w ->
                type.parentType().map(p -> w.table(p).id(w.table(type).parentOf(w.live(type, id)))));
    }

    /** Every live object by id, oldest first: what a destination must hold. For large sets {@link #forEachLive}. */
    public Map<String, JsonNode> truth(StripeObjectType type) {
        Map<String, JsonNode> all = new LinkedHashMap<>();
        forEachLive(type, all::put);
        return Collections.unmodifiableMap(all);
    }

    /**
     * As {@link #truth(StripeObjectType)}, for children: those that don't say themselves whose they are get the parent's id in one
     * more field.
     */
    public Map<String, JsonNode> truth(StripeObjectType type, String parentField) {
        Map<String, JsonNode> all = new LinkedHashMap<>();
        forEachLive(type, (id, object) -> {
            if (!object.has(parentField)) {
                ((ObjectNode) object).put(parentField, parentOf(type, id).orElseThrow());
            }
            all.put(id, object);
        });
        return Collections.unmodifiableMap(all);
    }

    /** Gives every live object to {@code sink}, oldest first. No mutation happens meanwhile; {@code sink} must not make one. */
    public void forEachLive(StripeObjectType type, BiConsumer<String, JsonNode> sink) {
        world.read(w -> {
            w.forEachLive(type, sink);
            return w;
        });
    }

    /** The id of some live object; empty: there is none. */
    public Optional<String> randomLive(StripeObjectType type, Random random) {
        return world.read(w -> w.randomLive(type, random));
    }

    boolean livemode() {
        return livemode;
    }

    /** Milliseconds since the epoch. */
    long nowMillis() {
        return world.write(World::millis);
    }

    /** The types of the events from this number on. */
    List<StripeEventType> eventTypesFrom(int first) {
        return world.read(w -> IntStream.range(first, w.events().size())
                .mapToObj(i -> w.events().get(i).type())
                .toList());
    }

    <T> T readObjects(BiFunction<StoredObjects, EventLog, T> reader) {
        return world.read(w -> reader.apply(w.objects(), w.events()));
    }

    private void changed(StripeObjectType type, String id, Optional<StripeEventType> event, Consumer<ObjectNode> edit) {
        world.change(w -> w.change(type, id, event, edit));
    }
}

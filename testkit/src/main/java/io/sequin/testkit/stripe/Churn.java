package io.sequin.testkit.stripe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** Random mutations: customers, products and charges have steps of their own, the other types those of {@link TypeChurn}. */
final class Churn {
    private final StripeData data;
    private final Random random;
    private final boolean core;
    private final TypeChurn others;
    private final Map<StripeEventType, Integer> made = new HashMap<>();

    /** Of these types; customers, products and charges have their own steps only where all three are wanted. */
    Churn(StripeData data, Random random, Set<StripeObjectType> types) {
        this.core = types.containsAll(StripeObjectType.core());
        this.data = data;
        this.random = random;
        Set<StripeObjectType> rest = new HashSet<>(types);
        if (core) {
            StripeObjectType.core().forEach(rest::remove);
        }
        this.others = new TypeChurn(data, random, rest);
    }

    Map<StripeEventType, Integer> run(int n) {
        for (int i = 0; i < n; i++) {
            if (core && (others.isEmpty() || random.nextInt(4) == 0)) {
                step();
            } else {
                others.step().forEach(this::count);
            }
        }
        return made;
    }

    private void step() {
        int p = random.nextInt(100);
        if (p < 12) {
            create(StripeObjectType.CUSTOMER);
        } else if (p < 37) {
            update(StripeObjectType.CUSTOMER);
        } else if (p < 42) {
            delete(StripeObjectType.CUSTOMER);
        } else if (p < 47) {
            create(StripeObjectType.PRODUCT);
        } else if (p < 57) {
            update(StripeObjectType.PRODUCT);
        } else if (p < 60) {
            delete(StripeObjectType.PRODUCT);
        } else if (p < 62) {
            replaceProduct();
        } else if (p < 82) {
            create(StripeObjectType.CHARGE);
        } else {
            moveCharge();
        }
    }

    private void create(StripeObjectType type) {
        String id = data.create(type);
        data.find(type, id).flatMap(Lifecycle.of(type)::creation).ifPresent(this::count);
    }

    private void update(StripeObjectType type) {
        Optional<String> id = data.randomLive(type, random);
        if (id.isEmpty()) {
            create(type);
            return;
        }
        data.update(type, id.get(), this::touch);
        type.event("updated").ifPresent(this::count);
    }

    private void delete(StripeObjectType type) {
        Optional<String> id = data.randomLive(type, random);
        if (id.isEmpty()) {
            create(type);
            return;
        }
        data.delete(type, id.get());
        type.event("deleted").ifPresent(this::count);
    }

    /** Deleted and created again under the same id, often within the same second. */
    private void replaceProduct() {
        Optional<String> id = data.randomLive(StripeObjectType.PRODUCT, random);
        if (id.isEmpty()) {
            create(StripeObjectType.PRODUCT);
            return;
        }
        data.delete(StripeObjectType.PRODUCT, id.get());
        count(StripeEventType.PRODUCT_DELETED);
        data.createProduct(id.get(), product -> product.put("name", "Reborn ♻ " + random.nextInt(1_000_000)));
        count(StripeEventType.PRODUCT_CREATED);
    }

    private void moveCharge() {
        Optional<String> id = data.randomLive(StripeObjectType.CHARGE, random);
        if (id.isEmpty()) {
            create(StripeObjectType.CHARGE);
            return;
        }
        ObjectNode charge =
                (ObjectNode) data.find(StripeObjectType.CHARGE, id.get()).orElseThrow();
        Optional<ChargeChange> change = next(charge);
        if (change.isPresent()) {
            data.change(id.get(), change.get());
            count(change.get().event());
        } else {
            data.update(StripeObjectType.CHARGE, id.get(), this::touch);
            count(StripeEventType.CHARGE_UPDATED);
        }
    }

    private Optional<ChargeChange> next(ObjectNode charge) {
        if ("pending".equals(charge.path("status").textValue())) {
            return Optional.of(random.nextInt(4) == 0 ? ChargeChange.fail() : ChargeChange.succeed());
        }
        if (ChargeChange.isAuthorized(charge)) {
            return Optional.of(random.nextInt(4) == 0 ? ChargeChange.expire() : ChargeChange.capture());
        }
        long left = charge.path("amount_captured").longValue()
                - charge.path("amount_refunded").longValue();
        if ("succeeded".equals(charge.path("status").textValue())
                && charge.path("captured").booleanValue()
                && left > 0
                && random.nextInt(3) == 0) {
            return Optional.of(ChargeChange.refund(random.nextInt(3) == 0 ? 1 + left / 3 : left));
        }
        return Optional.empty();
    }

    /** A change that is always one: the counter in the metadata moves. */
    private void touch(ObjectNode object) {
        ObjectNode metadata = object.withObjectProperty("metadata");
        JsonNode before = metadata.path("revision");
        metadata.put("revision", String.valueOf(before.asInt(0) + 1));
        if (random.nextInt(3) == 0) {
            object.put("description", "changed ✎ " + random.nextInt(1_000_000));
        }
        if (random.nextInt(20) == 0) {
            metadata.remove("order_id");
        }
    }

    private void count(StripeEventType type) {
        made.merge(type, 1, Integer::sum);
    }
}

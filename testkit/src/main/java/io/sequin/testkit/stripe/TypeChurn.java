package io.sequin.testkit.stripe;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * Random mutations of some types, as far as somebody can hear of them: by an event, by the list's
 * {@code created}, or, where a status becomes final in silence, by reading again what was not final.
 */
final class TypeChurn {
    private final StripeData data;
    private final Random random;
    private final List<StripeObjectType> types;

    TypeChurn(StripeData data, Random random, Set<StripeObjectType> wanted) {
        this.data = data;
        this.random = random;
        this.types = StripeObjectType.all().stream()
                .filter(t -> wanted.contains(t) && !kinds(t).isEmpty())
                .toList();
    }

    private enum Kind {
        CREATE,
        UPDATE,
        MOVE,
        DELETE,
        SETTLE
    }

    boolean isEmpty() {
        return types.isEmpty();
    }

    /**
     * One mutation, and the events that it made.
     *
     * @throws IllegalStateException where nobody can hear of a change of any of the types
     */
    List<StripeEventType> step() {
        if (types.isEmpty()) {
            throw new IllegalStateException("none of these kinds has a change that somebody can hear of");
        }
        StripeObjectType type = types.get(random.nextInt(types.size()));
        List<Kind> kinds = kinds(type);
        int before = data.eventCount();
        Optional<String> id = data.randomLive(type, random);
        if (id.isEmpty()) {
            create(type);
        } else {
            switch (kinds.get(random.nextInt(kinds.size()))) {
                case CREATE -> create(type);
                case UPDATE ->
                    data.update(type, id.get(), o -> Lifecycle.of(type).touch(o, random));
                case MOVE -> move(type, id.get());
                case DELETE -> data.delete(type, id.get());
                case SETTLE -> data.settle(type, id.get());
            }
        }
        return data.eventTypesFrom(before);
    }

    private static List<Kind> kinds(StripeObjectType type) {
        Lifecycle life = Lifecycle.of(type);
        List<Kind> kinds = new ArrayList<>();
        if (life.creationIsNoticed()) {
            kinds.add(Kind.CREATE);
        }
        if (life.updateIsNoticed()) {
            kinds.add(Kind.UPDATE);
        }
        if (life.moves(JsonBytes.object()).size() > 0) {
            kinds.add(Kind.MOVE);
        }
        if (life.deletionIsNoticed()) {
            kinds.add(Kind.DELETE);
        }
        if (life.endsSilently()) {
            kinds.add(Kind.SETTLE);
        }
        return kinds;
    }

    private void create(StripeObjectType type) {
        if (type.parent().isEmpty()) {
            data.create(type);
        } else {
            data.randomLive(type.parentType().orElseThrow(), random)
                    .ifPresent(parent -> data.createChild(type, parent, o -> {}));
        }
    }

    private void move(StripeObjectType type, String id) {
        ObjectNode object = (ObjectNode) data.find(type, id).orElseThrow();
        List<Lifecycle.Move> moves = Lifecycle.of(type).moves(object);
        if (!moves.isEmpty()) {
            Lifecycle.Move move = moves.get(random.nextInt(moves.size()));
            data.change(type, id, move.event(), move.change());
        }
    }
}

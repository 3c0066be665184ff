package io.sequin.source.budget;

import io.sequin.data.ResourceKey;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Requests that wait for the same thing. Syncs take turns however many requests each has; the requests of one Sync go in
 * the order they came, so that its lanes, of which each has one at a time, take turns too.
 */
final class Line {
    private final Map<ResourceKey, Deque<Ticket>> syncs = new LinkedHashMap<>();
    private int size;

    void add(Ticket ticket) {
        syncs.computeIfAbsent(ticket.member().sync(), s -> new ArrayDeque<>()).addLast(ticket);
        size++;
    }

    /** The next one in turn of those that may go. */
    Optional<Ticket> first(Predicate<Ticket> mayGo) {
        for (Deque<Ticket> tickets : syncs.values()) {
            for (Ticket ticket : tickets) {
                if (mayGo.test(ticket)) {
                    return Optional.of(ticket);
                }
            }
        }
        return Optional.empty();
    }

    /** Takes it out because it goes: its Sync's next turn comes after all others'. */
    void take(Ticket ticket) {
        Deque<Ticket> rest = syncs.remove(ticket.member().sync());
        if (rest != null && rest.remove(ticket)) {
            size--;
            if (!rest.isEmpty()) {
                syncs.put(ticket.member().sync(), rest);
            }
        }
    }

    /** Takes it out because nobody waits any more; its Sync keeps its turn. */
    void leave(Ticket ticket) {
        Deque<Ticket> rest = syncs.get(ticket.member().sync());
        if (rest != null && rest.remove(ticket)) {
            size--;
            if (rest.isEmpty()) {
                syncs.remove(ticket.member().sync());
            }
        }
    }

    int size() {
        return size;
    }

    void forEach(Consumer<Ticket> each) {
        syncs.values().forEach(tickets -> tickets.forEach(each));
    }
}

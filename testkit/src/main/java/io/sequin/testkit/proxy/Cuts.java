package io.sequin.testkit.proxy;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which transactions are still to be cut, and which were. */
final class Cuts {
    /** Every transaction that has a name tells it by this setting. */
    private static final String TELLS_ITS_NAME = "application_name";

    private final Map<String, Deque<Cut>> armed = new HashMap<>();
    private final Set<String> done = new HashSet<>();

    /**
     * One that is due.
     *
     * @param skip that many transactions of the name are let through before
     * @param bytes of COPY's data that are let through before, for {@link CutPoint#IN_COPY}
     */
    record Cut(CutPoint at, int skip, int bytes) {}

    /** Instead of all others of this name. */
    synchronized void arm(String name, Cut cut) {
        armed.put(name, new ArrayDeque<>(List.of(cut)));
    }

    /** Once the others of this name are done. */
    synchronized void armNext(String name, Cut cut) {
        armed.computeIfAbsent(name, n -> new ArrayDeque<>()).add(cut);
    }

    synchronized boolean isArmed(String name) {
        return armed.containsKey(name);
    }

    /** What the request says about the name of the transaction that it begins. */
    synchronized Optional<String> name(ClientMessages.Request request) {
        return request.contains(TELLS_ITS_NAME)
                ? armed.keySet().stream()
                        .filter(name -> request.contains(": " + name + "\0"))
                        .findFirst()
                : Optional.empty();
    }

    /** Where to cut it, if at one of these; to be asked once in each transaction. */
    synchronized Optional<CutPoint> take(Optional<String> name, Set<CutPoint> at) {
        Cut cut = next(name);
        if (cut == null || !at.contains(cut.at())) {
            return Optional.empty();
        }
        if (cut.skip() > 0) {
            replace(name.orElseThrow(), new Cut(cut.at(), cut.skip() - 1, cut.bytes()));
            return Optional.empty();
        }
        finish(name.orElseThrow());
        return Optional.of(cut.at());
    }

    /** How much is let through of a piece of COPY's data before the connection ends; empty: all, and it goes on. */
    synchronized OptionalInt takeInCopy(Optional<String> name, int size) {
        Cut cut = next(name);
        if (cut == null || cut.at() != CutPoint.IN_COPY) {
            return OptionalInt.empty();
        }
        if (size <= cut.bytes()) {
            replace(name.orElseThrow(), new Cut(cut.at(), cut.skip(), cut.bytes() - size));
            return OptionalInt.empty();
        }
        finish(name.orElseThrow());
        return OptionalInt.of(cut.bytes());
    }

    private @Nullable Cut next(Optional<String> name) {
        return name.map(this::of).map(Deque::peek).orElse(null);
    }

    private Deque<Cut> of(String name) {
        return armed.getOrDefault(name, new ArrayDeque<>());
    }

    private void replace(String name, Cut cut) {
        Deque<Cut> cuts = of(name);
        cuts.remove();
        cuts.addFirst(cut);
    }

    private void finish(String name) {
        Deque<Cut> cuts = of(name);
        cuts.remove();
        if (cuts.isEmpty()) {
            armed.remove(name);
        }
        done.add(name);
    }

    synchronized Set<String> done() {
        return Set.copyOf(done);
    }
}

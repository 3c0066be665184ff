package io.sequin.testkit.proxy;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which transactions are still to be cut, and which were. */
final class Cuts {
    /** Every transaction that has a name tells it by this setting. */
    private static final String TELLS_ITS_NAME = "application_name";

    private final Map<String, CutPoint> armed = new HashMap<>();
    private final Set<String> done = new HashSet<>();

    synchronized void arm(String name, CutPoint at) {
        armed.put(name, at);
    }

    /** What the request says about the name of the transaction that it begins. */
    synchronized Optional<String> name(ClientMessages.Request request) {
        return request.contains(TELLS_ITS_NAME)
                ? armed.keySet().stream()
                        .filter(name -> request.contains(": " + name + "\0"))
                        .findFirst()
                : Optional.empty();
    }

    /** Where to cut it, if at one of these; at most once for each time it was armed. */
    synchronized Optional<CutPoint> take(Optional<String> name, Set<CutPoint> at) {
        Optional<CutPoint> now = name.map(armed::get).filter(at::contains);
        if (now.isPresent()) {
            armed.remove(name.get());
            done.add(name.get());
        }
        return now;
    }

    synchronized Set<String> done() {
        return Set.copyOf(done);
    }
}

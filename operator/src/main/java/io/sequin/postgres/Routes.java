package io.sequin.postgres;

import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The one static registry of the program. The driver makes its socket factories itself, from a class name and one string;
 * the string is the key of a route in here, which is entered only while the driver connects.
 */
final class Routes {
    private static final Map<String, Route> BY_ID = new ConcurrentHashMap<>();

    private Routes() {}

    /** A route's entry; closing removes it. */
    record Entry(String id) implements AutoCloseable {
        @Override
        public void close() {
            BY_ID.remove(id);
        }
    }

    static Entry enter(Route route) {
        String id = UUID.randomUUID().toString();
        BY_ID.put(id, route);
        return new Entry(id);
    }

    static Route get(String id) {
        Route route = BY_ID.get(id);
        if (route == null) {
            throw new IllegalStateException("no such route");
        }
        return route;
    }
}

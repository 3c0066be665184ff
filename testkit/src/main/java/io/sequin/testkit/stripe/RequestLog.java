package io.sequin.testkit.stripe;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;

/** The newest 100,000 requests and the number of all. Safe for threads. */
public final class RequestLog {
    private static final int KEPT = 100_000;

    private final Deque<LoggedRequest> requests = new ArrayDeque<>();
    private long total;

    RequestLog() {}

    synchronized void add(LoggedRequest request) {
        if (requests.size() == KEPT) {
            requests.removeFirst();
        }
        requests.addLast(request);
        total++;
    }

    /** The requests kept, oldest first. */
    public synchronized List<LoggedRequest> all() {
        return List.copyOf(requests);
    }

    /** How many of the requests kept are like this. */
    public synchronized long count(Predicate<LoggedRequest> wanted) {
        return requests.stream().filter(wanted).count();
    }

    /** How many of the requests kept had this path (without the query). */
    public long count(String path) {
        return count(r -> r.path().equals(path));
    }

    /** The number of all requests since the start or the last {@link #clear}. */
    public synchronized long total() {
        return total;
    }

    /** Forgets everything. */
    public synchronized void clear() {
        requests.clear();
        total = 0;
    }
}

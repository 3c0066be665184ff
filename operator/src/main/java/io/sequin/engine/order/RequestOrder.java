package io.sequin.engine.order;

import io.sequin.data.Change;
import io.sequin.data.RowKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which of two answers of a source is the newer one: that of the request that was sent later. Requests are numbered when
 * they are sent. Of each key it remembers the number of the request whose answer was applied last, for as long as an
 * older request is under way that may bring the table's rows; nothing while none is. Memory only, safe for threads.
 *
 * <p>The caller holds the locks of the tables from {@link #admit} until after {@link #applied}.
 *
 * <p>Of two requests that are under way at once it can't be told which saw the newer state. A hint's row may be asked for
 * at any time, since the request is sent after the change was told of. Reads that nobody tells what to bring (lists, and
 * tails that bring rows) take turns, see {@link #inTurn}: else a list that was sent later and answered first would overwrite
 * the newer row of a tail, which does not bring it again.
 */
public final class RequestOrder {
    /** Made for one table, as most Syncs have; it grows. */
    private final Map<String, Window> windows = HashMap.newHashMap(1);

    private final TableLocks reads = new TableLocks();
    private long last;

    /** What is remembered of a table. */
    private static final class Window {
        /** The first number of each flight under way. */
        private final TreeSet<Long> flights = new TreeSet<>();

        private final Map<RowKey, Long> changes = new HashMap<>();
        /** Rows that came in sets of their parents: another parent's older set may name them, too. */
        private final Map<RowKey, Long> children = new HashMap<>();

        void forgetUntil(long oldest) {
            changes.values().removeIf(number -> number <= oldest);
            children.values().removeIf(number -> number <= oldest);
        }
    }

    /** Requests of one lane whose answers are committed or thrown away together. For one thread at a time. */
    public final class Flight implements AutoCloseable {
        private final Set<String> tables;
        private long first;

        private Flight(Set<String> tables) {
            this.tables = tables;
        }

        /** Call this before a request is sent. Also for several threads that share the flight. */
        public long sent() {
            synchronized (RequestOrder.this) {
                long number = ++last;
                if (first == 0) {
                    first = number;
                    tables.forEach(table -> windows.computeIfAbsent(table, t -> new Window())
                            .flights
                            .add(number));
                }
                return number;
            }
        }

        /** Its answers are committed, or nobody will use them. */
        @Override
        public void close() {
            land(this);
        }
    }

    /**
     * What of some answers is to be applied.
     *
     * @param changes those that no later answer has overtaken, from the oldest to the newest
     * @param numbers of their requests, in the same order
     */
    public record Admitted(List<Change> changes, List<Long> numbers) {
        /** No changes. */
        public static final Admitted NOTHING = new Admitted(List.of(), List.of());

        public Admitted {
            changes = List.copyOf(changes);
            numbers = List.copyOf(numbers);
        }
    }

    /**
     * Reads rows of these tables, from before the request is numbered until its answer is there, and with it the answers
     * that belong together with it, while no other read is in turn for one of them.
     */
    public <T> T inTurn(Set<String> tables, TableLocks.Work<T> read) throws InterruptedException {
        return reads.under(tables, read);
    }

    /** A flight that may bring rows of these tables. */
    public Flight flight(Set<String> tables) {
        return new Flight(Set.copyOf(tables));
    }

    /**
     * Leaves out what a later request has brought already. Pieces of the set of one parent are one unit, as old as the
     * first of them; of a set that is admitted, rows that came later with another parent are left out.
     */
    public synchronized Admitted admit(List<Answer> answers) {
        List<Change> changes = new ArrayList<>();
        List<Long> numbers = new ArrayList<>();
        Map<String, Map<RowKey, Long>> pieces = new HashMap<>();
        List<Answer> inOrder = answers.stream()
                .sorted(Comparator.comparingLong(Answer::number))
                .toList();
        for (Answer answer : inOrder) {
            for (Change change : answer.changes()) {
                long number = answer.number();
                Window window = windows.get(change.table());
                if (change instanceof Change.ChildSet set) {
                    number = unit(pieces.computeIfAbsent(set.table(), t -> new HashMap<>()), set, number);
                }
                if (window == null || number >= window.changes.getOrDefault(change.key(), 0L)) {
                    changes.add(withoutOvertaken(change, number, window));
                    numbers.add(number);
                }
            }
        }
        return new Admitted(changes, numbers);
    }

    private static long unit(Map<RowKey, Long> open, Change.ChildSet set, long number) {
        Long begun = set.complete() ? open.remove(set.key()) : open.putIfAbsent(set.key(), number);
        return begun == null ? number : begun;
    }

    private static Change withoutOvertaken(Change change, long number, @Nullable Window window) {
        if (window == null || window.children.isEmpty() || !(change instanceof Change.ChildSet set)) {
            return change;
        }
        List<Change.Upsert> rows = set.rows().stream()
                .filter(row -> number >= window.children.getOrDefault(row.key(), 0L))
                .toList();
        return rows.size() == set.rows().size()
                ? set
                : new Change.ChildSet(set.table(), set.key(), set.complete(), rows);
    }

    /** These were committed: nothing older may win. Of a commit whose answer was lost, call it once that is known. */
    public synchronized void applied(Admitted admitted) {
        for (int i = 0; i < admitted.changes().size(); i++) {
            Change change = admitted.changes().get(i);
            long number = admitted.numbers().get(i);
            Window window = windows.get(change.table());
            if (window == null || window.flights.first() >= number) {
                continue;
            }
            window.changes.merge(change.key(), number, Math::max);
            if (change instanceof Change.ChildSet set) {
                set.rows().forEach(row -> window.children.merge(row.key(), number, Math::max));
            }
        }
    }

    private synchronized void land(Flight flight) {
        for (String table : flight.first == 0 ? Set.<String>of() : flight.tables) {
            Window window = windows.get(table);
            if (window == null || !window.flights.remove(flight.first)) {
                continue;
            }
            if (window.flights.isEmpty()) {
                windows.remove(table);
            } else if (window.flights.first() > flight.first) {
                window.forgetUntil(window.flights.first());
            }
        }
        flight.first = 0;
    }

    /** The number of the last request that was sent. */
    public synchronized long last() {
        return last;
    }

    /** Whether all requests up to a number that may bring rows of these tables have been committed, or thrown away. */
    public synchronized boolean isLanded(Set<String> tables, long number) {
        return tables.stream()
                .map(windows::get)
                .filter(Objects::nonNull)
                .allMatch(window -> window.flights.isEmpty() || window.flights.first() > number);
    }

    /** How many keys are remembered. */
    synchronized int remembered() {
        return windows.values().stream()
                .mapToInt(window -> window.changes.size() + window.children.size())
                .sum();
    }
}

package io.sequin.engine.fetch;

import static io.sequin.engine.trouble.Trouble.atSource;

import io.sequin.data.Change;
import io.sequin.data.Problem;
import io.sequin.data.RowKey;
import io.sequin.engine.lane.LaneThreads;
import io.sequin.engine.order.Answer;
import io.sequin.engine.order.RequestOrder;
import io.sequin.engine.parts.EngineSettings;
import io.sequin.engine.trouble.LaneException;
import io.sequin.engine.trouble.Trouble;
import io.sequin.source.SourceException;
import io.sequin.source.SourceProblem;
import io.sequin.source.SourceSession;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Fetches the rows that hints name: each once, in groups of one table, several groups at a time. What was fetched is kept
 * when the rest fails, so that the next try asks for the rest only; after a rate limit one group at a time, then more
 * again.
 */
public final class HintFetcher {
    /** What fetching one row is expected to take in memory. */
    public static final int ROW_BYTES = 16 << 10;

    private static final Answer NONE = new Answer(0, List.of());

    private final Function<List<Change.Hint>, List<Change>> source;
    private final EngineSettings settings;
    private final Map<Row, Answer> kept = new ConcurrentHashMap<>();
    private final AtomicLong keptBytes = new AtomicLong();
    private int atOnce;

    private record Row(String table, RowKey key) {
        static Row of(Change change) {
            return new Row(change.table(), change.key());
        }
    }

    /** @param source {@link SourceSession#fetch} or {@link SourceSession#confirm} */
    public HintFetcher(Function<List<Change.Hint>, List<Change>> source, EngineSettings settings) {
        this.source = source;
        this.settings = settings;
        this.atOnce = settings.fetches();
    }

    /**
     * Where one table can't be fetched its hints are missed and the others go on. Call {@link #forget()} before hints that
     * were read later, and let no flight end before whose answers are kept.
     *
     * @param flight numbers the requests
     * @throws LaneException where the whole source fails
     */
    public Fetched fetch(RequestOrder.Flight flight, List<Change.Hint> hints) throws InterruptedException {
        Map<Row, Answer> before = Map.copyOf(kept);
        List<List<Change.Hint>> groups = groups(
                hints.stream().filter(h -> !before.containsKey(Row.of(h))).toList());
        List<Answer> answers = new ArrayList<>(before.values());
        Map<String, Trouble> failed = new ConcurrentHashMap<>();
        try {
            if (!groups.isEmpty()) {
                answers.addAll(fetchAll(flight, groups, failed));
            }
        } catch (LaneException e) {
            if (e.trouble().code() == SourceProblem.RATE_LIMITED) {
                atOnce = 1;
            }
            throw e;
        }
        atOnce = Math.min(settings.fetches(), atOnce * 2);
        return new Fetched(answers, missed(groups, failed), failed);
    }

    /** How many rows are kept for the next try. */
    public int keptRows() {
        return kept.size();
    }

    /** Keeps nothing. */
    public void forget() {
        kept.clear();
        keptBytes.set(0);
    }

    /** An answer may hold several changes for a hint: a parent with its children, or a set in pieces. */
    private void keep(List<Change.Hint> asked, Answer answer) {
        if (keptBytes.addAndGet(Pages.bytes(answer.changes())) <= settings.pageBytes()) {
            Map<RowKey, List<Change>> byKey = answer.changes().stream().collect(Collectors.groupingBy(Change::key));
            asked.forEach(hint ->
                    kept.put(Row.of(hint), new Answer(answer.number(), byKey.getOrDefault(hint.key(), List.of()))));
        }
    }

    /** The first failure ends it: closing the threads alone would wait for all that is queued. */
    private List<Answer> fetchAll(
            RequestOrder.Flight flight, List<List<Change.Hint>> groups, Map<String, Trouble> failed)
            throws InterruptedException {
        List<Answer> all = new ArrayList<>();
        AtomicBoolean stop = new AtomicBoolean();
        try (ExecutorService threads =
                Executors.newFixedThreadPool(Math.min(atOnce, groups.size()), new LaneThreads("fetch"))) {
            try {
                List<Future<Answer>> answers = groups.stream()
                        .map(group -> threads.submit(() -> fetchUnless(stop, flight, group, failed)))
                        .toList();
                for (Future<Answer> answer : answers) {
                    all.add(get(answer));
                }
            } catch (InterruptedException | RuntimeException | Error e) {
                stop.set(true);
                threads.shutdownNow();
                throw e;
            }
        }
        return all;
    }

    private Answer fetchUnless(
            AtomicBoolean stop, RequestOrder.Flight flight, List<Change.Hint> group, Map<String, Trouble> failed)
            throws InterruptedException {
        if (stop.get()) {
            return NONE;
        }
        boolean answered = false;
        try {
            Answer answer = fetchGroup(flight, group, failed);
            answered = true;
            return answer;
        } finally {
            if (!answered) {
                stop.set(true);
            }
        }
    }

    /** Of several hints for one row the last counts. */
    private List<List<Change.Hint>> groups(List<Change.Hint> hints) {
        Map<String, Map<RowKey, Change.Hint>> tables = new LinkedHashMap<>();
        for (Change.Hint hint : hints) {
            tables.computeIfAbsent(hint.table(), t -> new LinkedHashMap<>()).put(hint.key(), hint);
        }
        List<List<Change.Hint>> groups = new ArrayList<>();
        for (Map<RowKey, Change.Hint> table : tables.values()) {
            List<Change.Hint> all = List.copyOf(table.values());
            for (int from = 0; from < all.size(); from += settings.fetchGroup()) {
                groups.add(all.subList(from, Math.min(all.size(), from + settings.fetchGroup())));
            }
        }
        return groups;
    }

    private Answer fetchGroup(RequestOrder.Flight flight, List<Change.Hint> group, Map<String, Trouble> failed)
            throws InterruptedException {
        String table = group.getFirst().table();
        if (failed.containsKey(table)) {
            return NONE;
        }
        try {
            long number = flight.sent();
            Answer answer = new Answer(number, atSource(() -> source.apply(group)));
            requireAll(table, group, answer.changes());
            keep(group, answer);
            return answer;
        } catch (LaneException e) {
            if (e.trouble().table().filter(table::equals).isEmpty()) {
                throw e;
            }
            failed.put(table, e.trouble());
            return NONE;
        }
    }

    /** A row without an answer would be lost in silence; so would the end of children, without a complete set. */
    private static void requireAll(String table, List<Change.Hint> asked, List<Change> changes) {
        Set<RowKey> keys = asked.stream().map(Change.Hint::key).collect(Collectors.toSet());
        Set<Row> missing = asked.stream().map(Row::of).collect(Collectors.toCollection(HashSet::new));
        boolean settled = true;
        for (Change change : changes) {
            settled &= keys.contains(change.key()) && !(change instanceof Change.Hint);
            if (change instanceof Change.ChildSet set && !set.complete()) {
                missing.add(Row.of(change));
            } else {
                missing.remove(Row.of(change));
            }
        }
        if (!missing.isEmpty() || !settled) {
            SourceException bad = new SourceException(
                    Problem.of(SourceProblem.UNEXPECTED_ANSWER, "The source left out rows that it was asked for."),
                    table,
                    null);
            throw new LaneException(Trouble.of(bad, Trouble.Area.SOURCE), bad);
        }
    }

    private static List<Change.Hint> missed(List<List<Change.Hint>> groups, Map<String, Trouble> failed) {
        return groups.stream()
                .flatMap(List::stream)
                .filter(h -> failed.containsKey(h.table()))
                .toList();
    }

    private static Answer get(Future<Answer> answer) throws InterruptedException {
        try {
            return answer.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            if (e.getCause() instanceof Error cause) {
                throw cause;
            }
            throw new IllegalStateException("a fetch failed", e.getCause());
        }
    }
}

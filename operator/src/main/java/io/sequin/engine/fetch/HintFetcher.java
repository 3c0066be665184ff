package io.sequin.engine.fetch;

import io.sequin.data.Change;
import io.sequin.data.RowKey;
import io.sequin.engine.lane.LaneThreads;
import io.sequin.engine.order.Answer;
import io.sequin.engine.order.RequestOrder;
import io.sequin.engine.parts.EngineSettings;
import io.sequin.engine.trouble.LaneException;
import io.sequin.engine.trouble.Trouble;
import io.sequin.source.SourceProblem;
import io.sequin.source.SourceSession;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
 * when the rest fails, so that the next try asks for the rest only. After a rate limit one row at a time, since a limit
 * below what a group asks for would let none of its answers be kept; then more again.
 */
public final class HintFetcher {
    /** What fetching one row is expected to take in memory. */
    public static final int ROW_BYTES = 16 << 10;

    private final Function<List<Change.Hint>, List<Change>> source;
    private final EngineSettings settings;
    private final Map<Row, Answer> kept = new ConcurrentHashMap<>();
    private final AtomicLong keptBytes = new AtomicLong();
    private int atOnce;
    private int groupSize;

    /** @param source {@link SourceSession#fetch} or {@link SourceSession#confirm} */
    public HintFetcher(Function<List<Change.Hint>, List<Change>> source, EngineSettings settings) {
        this.source = source;
        this.settings = settings;
        this.atOnce = settings.fetches();
        this.groupSize = settings.fetchGroup();
    }

    /**
     * Where one table, or a single row, can't be fetched its hints are missed and the others go on. Call {@link #forget()}
     * before hints that were read later, and let no flight end before whose answers are kept.
     *
     * @param flight numbers the requests
     * @param failures of the lane in a row
     * @throws LaneException where the whole source fails
     */
    public Fetched fetch(RequestOrder.Flight flight, List<Change.Hint> hints, int failures)
            throws InterruptedException {
        return fetch(new GroupFetch(source, flight, failures, false), hints, groupSize);
    }

    /** The same of rows that could not be had before, though others could: each by itself. */
    public Fetched fetchAlone(RequestOrder.Flight flight, List<Change.Hint> hints) throws InterruptedException {
        return fetch(new GroupFetch(source, flight, 0, true), hints, 1);
    }

    private Fetched fetch(GroupFetch single, List<Change.Hint> hints, int most) throws InterruptedException {
        Map<Row, Answer> before = Map.copyOf(kept);
        List<List<Change.Hint>> groups = groups(
                hints.stream().filter(h -> !before.containsKey(Row.of(h))).toList(), most);
        List<Answer> answers = new ArrayList<>(before.values());
        Run run = new Run(single);
        try {
            if (!groups.isEmpty()) {
                answers.addAll(run.all(groups));
            }
        } catch (LaneException e) {
            if (e.trouble().code() == SourceProblem.RATE_LIMITED) {
                careful();
            }
            throw e;
        }
        atOnce = Math.min(settings.fetches(), atOnce * 2);
        groupSize = Math.min(settings.fetchGroup(), groupSize * 2);
        return new Fetched(answers, missed(groups, run.failed), run.failed, run.unanswered);
    }

    /** What the tries until now have brought; the other hints are missed. */
    public Fetched kept(List<Change.Hint> hints) {
        Map<Row, Answer> got = Map.copyOf(kept);
        List<Change.Hint> rest =
                hints.stream().filter(hint -> !got.containsKey(Row.of(hint))).toList();
        return new Fetched(List.copyOf(got.values()), rest, Map.of(), Map.of());
    }

    /** Asks for one row at a time at first: a limit may let no more through. */
    HintFetcher careful() {
        atOnce = 1;
        groupSize = 1;
        return this;
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
    private void keep(List<Change.Hint> asked, GroupFetch.Got got) {
        for (Answer answer : got.answers()) {
            if (keptBytes.addAndGet(Pages.bytes(answer.changes())) <= settings.pageBytes()) {
                Map<RowKey, List<Change>> byKey = answer.changes().stream().collect(Collectors.groupingBy(Change::key));
                asked.forEach(hint -> {
                    List<Change> own = byKey.get(hint.key());
                    if (own != null) {
                        kept.put(Row.of(hint), new Answer(answer.number(), own));
                    }
                });
            }
        }
    }

    /** One fetch: the first failure ends it, since closing the threads alone would wait for all that is queued. */
    private final class Run {
        private final GroupFetch single;
        private final Map<String, Trouble> failed = new ConcurrentHashMap<>();
        private final Map<Change.Hint, Trouble> unanswered = new ConcurrentHashMap<>();
        private final AtomicBoolean stop = new AtomicBoolean();

        Run(GroupFetch single) {
            this.single = single;
        }

        List<Answer> all(List<List<Change.Hint>> groups) throws InterruptedException {
            List<Answer> all = new ArrayList<>();
            try (ExecutorService threads =
                    Executors.newFixedThreadPool(Math.min(atOnce, groups.size()), new LaneThreads("fetch"))) {
                try {
                    List<Future<List<Answer>>> answers = groups.stream()
                            .map(group -> threads.submit(() -> unlessStopped(group)))
                            .toList();
                    for (Future<List<Answer>> answer : answers) {
                        all.addAll(get(answer));
                    }
                } catch (InterruptedException | RuntimeException | Error e) {
                    stop.set(true);
                    threads.shutdownNow();
                    throw e;
                }
            }
            return all;
        }

        private List<Answer> unlessStopped(List<Change.Hint> group) throws InterruptedException {
            if (stop.get()) {
                return List.of();
            }
            boolean answered = false;
            try {
                List<Answer> answers = group(group);
                answered = true;
                return answers;
            } finally {
                if (!answered) {
                    stop.set(true);
                }
            }
        }

        private List<Answer> group(List<Change.Hint> group) throws InterruptedException {
            String table = group.getFirst().table();
            if (failed.containsKey(table)) {
                return List.of();
            }
            try {
                GroupFetch.Got got = single.fetch(group);
                unanswered.putAll(got.unanswered());
                keep(group, got);
                return got.answers();
            } catch (LaneException e) {
                if (e.trouble().table().filter(table::equals).isEmpty()) {
                    throw e;
                }
                failed.put(table, e.trouble());
                return List.of();
            }
        }
    }

    /** Of several hints for one row the last counts. */
    private static List<List<Change.Hint>> groups(List<Change.Hint> hints, int size) {
        Map<String, Map<RowKey, Change.Hint>> tables = new LinkedHashMap<>();
        for (Change.Hint hint : hints) {
            tables.computeIfAbsent(hint.table(), t -> new LinkedHashMap<>()).put(hint.key(), hint);
        }
        List<List<Change.Hint>> groups = new ArrayList<>();
        for (Map<RowKey, Change.Hint> table : tables.values()) {
            List<Change.Hint> all = List.copyOf(table.values());
            for (int from = 0; from < all.size(); from += size) {
                groups.add(all.subList(from, Math.min(all.size(), from + size)));
            }
        }
        return groups;
    }

    private static List<Change.Hint> missed(List<List<Change.Hint>> groups, Map<String, Trouble> failed) {
        return groups.stream()
                .flatMap(List::stream)
                .filter(h -> failed.containsKey(h.table()))
                .toList();
    }

    private static List<Answer> get(Future<List<Answer>> answer) throws InterruptedException {
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

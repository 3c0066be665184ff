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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/**
 * Fetches the rows that hints name: each once, in groups of one table, several groups at a time. What was fetched is kept
 * when the rest fails, so that the next try asks for the rest only. Holds no more at once than a page may, but for single
 * larger rows: what is not asked for by then is left to another call. After a rate limit one row at a time, since a limit
 * below what a group asks for would let none of its answers be kept; then more again.
 */
public final class HintFetcher {
    private final Source source;
    private final EngineSettings settings;
    /** What may come of one group; half of what may be held, so that as many groups as may be are under way until then. */
    private final int groupBytes;

    private final Map<Row, Answer> kept = new ConcurrentHashMap<>();
    private final AtomicLong keptBytes = new AtomicLong();
    private int atOnce;
    private int groupSize;

    /** {@link SourceSession#fetch} or {@link SourceSession#confirm}. */
    public interface Source {
        List<Change> of(List<Change.Hint> hints, int maxBytes);
    }

    /** @param source asks for the rows of one table */
    public HintFetcher(Source source, EngineSettings settings) {
        this.source = source;
        this.settings = settings;
        this.groupBytes = settings.pageBytes() / (2 * settings.fetches());
        this.atOnce = settings.fetches();
        this.groupSize = settings.fetchGroup();
    }

    /**
     * Where one table, or a single row, can't be fetched its hints are missed and the others go on. Call {@link #forget()}
     * before hints that were read later or are the rest, and let no flight end before whose answers are kept.
     *
     * @param flight numbers the requests
     * @param failures of the lane in a row
     * @throws LaneException where the whole source fails
     */
    public Fetched fetch(RequestOrder.Flight flight, List<Change.Hint> hints, int failures)
            throws InterruptedException {
        return fetch(new GroupFetch(source, groupBytes, flight, failures, false), hints, groupSize);
    }

    /** The same of rows that could not be had before, though others could: each by itself. */
    public Fetched fetchAlone(RequestOrder.Flight flight, List<Change.Hint> hints) throws InterruptedException {
        return fetch(new GroupFetch(source, groupBytes, flight, 0, true), hints, 1);
    }

    private Fetched fetch(GroupFetch single, List<Change.Hint> hints, int most) throws InterruptedException {
        Map<Row, Answer> before = new HashMap<>(kept);
        Backlog backlog = new Backlog(
                hints.stream().filter(h -> !before.containsKey(Row.of(h))).toList(), most);
        List<Change.Hint> wanted = backlog.rest(Set.of());
        List<Answer> answers = new ArrayList<>(before.values());
        Run run = new Run(single, backlog);
        try {
            if (!wanted.isEmpty()) {
                answers.addAll(run.all());
            }
        } catch (LaneException e) {
            if (isLimit(e)) {
                careful();
            }
            throw e;
        }
        atOnce = Math.min(settings.fetches(), atOnce * 2);
        groupSize = Math.min(settings.fetchGroup(), groupSize * 2);
        List<Change.Hint> missed =
                wanted.stream().filter(h -> run.failed.containsKey(h.table())).toList();
        return new Fetched(answers, missed, run.failed, run.unanswered, backlog.rest(run.failed.keySet()));
    }

    /** What the tries until now have brought; the other hints are missed. */
    public Fetched kept(List<Change.Hint> hints) {
        Map<Row, Answer> got = new HashMap<>(kept);
        List<Change.Hint> rest =
                hints.stream().filter(hint -> !got.containsKey(Row.of(hint))).toList();
        return new Fetched(List.copyOf(got.values()), rest, Map.of(), Map.of(), List.of());
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
        keptBytes.addAndGet(got.bytes());
        for (Answer answer : got.answers()) {
            Map<RowKey, List<Change>> byKey = answer.changes().stream().collect(Collectors.groupingBy(Change::key));
            asked.forEach(hint -> {
                List<Change> own = byKey.get(hint.key());
                if (own != null) {
                    kept.put(Row.of(hint), new Answer(answer.number(), own));
                }
            });
        }
    }

    private static boolean isLimit(Throwable e) {
        return e instanceof LaneException lane && lane.trouble().code() == SourceProblem.RATE_LIMITED;
    }

    /** One fetch. Its first failure ends it. */
    private final class Run {
        private final GroupFetch single;
        private final Backlog backlog;
        private final Map<String, Trouble> failed = new ConcurrentHashMap<>();
        private final Map<Change.Hint, Trouble> unanswered = new ConcurrentHashMap<>();

        Run(GroupFetch single, Backlog backlog) {
            this.single = single;
            this.backlog = backlog;
        }

        List<Answer> all() throws InterruptedException {
            try (ExecutorService threads = Executors.newFixedThreadPool(atOnce, new LaneThreads("fetch"))) {
                try {
                    return all(new ExecutorCompletionService<>(threads));
                } catch (InterruptedException | RuntimeException | Error e) {
                    // what a limit has let through already is worth waiting for
                    if (!isLimit(e)) {
                        threads.shutdownNow();
                    }
                    throw e;
                }
            }
        }

        /** Asks for a group only where what may come of it, and of those under way, can be held with what is there. */
        private List<Answer> all(CompletionService<GroupFetch.Got> threads) throws InterruptedException {
            List<Answer> all = new ArrayList<>();
            long bytes = keptBytes.get();
            int underWay = 0;
            while (true) {
                while (underWay < atOnce && bytes + (underWay + 1L) * groupBytes <= settings.pageBytes()) {
                    List<Change.Hint> group = backlog.next(failed.keySet());
                    if (group.isEmpty()) {
                        break;
                    }
                    threads.submit(() -> group(group));
                    underWay++;
                }
                if (underWay == 0) {
                    return all;
                }
                GroupFetch.Got got = get(threads.take());
                underWay--;
                bytes += got.bytes();
                all.addAll(got.answers());
                backlog.again(got.rest());
            }
        }

        private GroupFetch.Got group(List<Change.Hint> group) throws InterruptedException {
            String table = group.getFirst().table();
            try {
                GroupFetch.Got got = single.fetch(group);
                unanswered.putAll(got.unanswered());
                keep(group, got);
                return got;
            } catch (LaneException e) {
                if (e.trouble().table().filter(table::equals).isEmpty()) {
                    throw e;
                }
                failed.put(table, e.trouble());
                return new GroupFetch.Got(List.of(), Map.of(), List.of());
            }
        }
    }

    private static GroupFetch.Got get(Future<GroupFetch.Got> answer) throws InterruptedException {
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

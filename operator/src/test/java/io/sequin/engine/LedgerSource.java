package io.sequin.engine;

import io.sequin.data.AccountId;
import io.sequin.data.Catalog;
import io.sequin.data.Change;
import io.sequin.data.Checkpoint;
import io.sequin.data.Column;
import io.sequin.data.ColumnType;
import io.sequin.data.Encoding;
import io.sequin.data.Json;
import io.sequin.data.LaneId;
import io.sequin.data.RowKey;
import io.sequin.data.Scope;
import io.sequin.data.SourceConfig;
import io.sequin.data.TableShape;
import io.sequin.source.Lane;
import io.sequin.source.Page;
import io.sequin.source.SourceConnector;
import io.sequin.source.SourceContext;
import io.sequin.source.SourceSession;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * A source over a ledger: lists tables by key, each row with its children, hands out events as hints, fetches present
 * rows.
 */
public final class LedgerSource implements SourceConnector {
    static final LaneId EVENTS = new LaneId("events");

    /** A read as asked for. */
    record Read(LaneId lane, Checkpoint from) {}

    final List<Read> reads = new CopyOnWriteArrayList<>();
    final List<Change.Hint> fetched = new CopyOnWriteArrayList<>();
    /** Rows that a re-sync asked for, since its listing lacked them. */
    final List<Change.Hint> confirmed = new CopyOnWriteArrayList<>();

    final AtomicInteger opened = new AtomicInteger();
    public volatile Faults faults = Faults.NONE;
    /** Called when a page was read, or rows fetched, and before the answer is handed out: it is on its way. */
    volatile Faults answers = Faults.NONE;

    volatile AccountId account = new AccountId("acct_1");
    volatile int pageSize = 3;
    /** Whether the page after so many reads says that it is not safe to stop at. */
    volatile IntPredicate unsafe = n -> false;
    /** Tables without events: each has a tail of its own, which brings rows. */
    volatile Set<String> refreshed = Set.of();
    /** Whether the events tell of those too. */
    volatile boolean shared;
    /** How much its clock is behind ours. */
    volatile Duration behind = Duration.ZERO;
    /** How often those are read at most. */
    volatile Duration every = Duration.ZERO;

    /** By table, where its list leaves out what was made before. */
    volatile Map<String, Scope.Since> since = Map.of();

    /** Tables whose list is not believed: the source is asked for each row that it lacks. */
    volatile Set<String> asked = Set.of();
    /** Of those, rows with such a value are there, though no list shows them. */
    volatile Predicate<String> unlisted = value -> false;

    private final Ledger ledger;
    private final Clock clock;

    public LedgerSource(Ledger ledger, Clock clock) {
        this.ledger = ledger;
        this.clock = clock;
    }

    static LaneId firstPassOf(String table) {
        return new LaneId("backfill:" + table);
    }

    static LaneId refreshOf(String table) {
        return new LaneId("refresh:" + table);
    }

    static Checkpoint position(String value) {
        return new Checkpoint(Json.of("\"" + value + "\""));
    }

    static String value(Checkpoint checkpoint) {
        String text = checkpoint.json().text();
        return text.substring(1, text.length() - 1);
    }

    @Override
    public String kind() {
        return "ledger";
    }

    @Override
    public SourceSession open(SourceConfig config, SourceContext context) {
        opened.incrementAndGet();
        return new Session();
    }

    private final class Session implements SourceSession {
        @Override
        public AccountId account() {
            faults.at("account");
            return account;
        }

        @Override
        public Catalog discover() {
            faults.at("discover");
            return new Catalog(ledger.tablesInOrder().stream()
                    .map(LedgerSource.this::shape)
                    .toList());
        }

        @Override
        public Instant sourceNow() {
            faults.at("now");
            return clock.instant().minus(behind);
        }

        @Override
        public List<Lane> plan(Catalog catalog, Instant sourceNow) {
            List<Lane> lanes = new ArrayList<>();
            Map<String, Set<String>> byParent = new LinkedHashMap<>();
            for (TableShape shape : catalog.tables()) {
                String lists = ledger.parentOf(shape.name()).orElse(shape.name());
                byParent.computeIfAbsent(lists, t -> new TreeSet<>()).add(shape.name());
            }
            byParent.forEach((table, filled) -> lanes.add(new Lane(
                    firstPassOf(table),
                    Lane.Kind.FIRST_PASS,
                    filled,
                    position(""),
                    Duration.ZERO,
                    scopes(filled),
                    false)));
            Set<String> all =
                    catalog.tables().stream().map(TableShape::name).collect(Collectors.toCollection(TreeSet::new));
            Checkpoint now = position(Integer.toString(ledger.lastEvent()));
            for (String table : refreshed) {
                if (shared ? all.contains(table) : all.remove(table)) {
                    lanes.add(new Lane(refreshOf(table), Lane.Kind.TAIL, Set.of(table), now, every));
                }
            }
            lanes.add(Lane.ofEvents(EVENTS, all, now));
            return lanes;
        }

        private Map<String, Scope> scopes(Set<String> filled) {
            Map<String, Scope> scopes = new TreeMap<>();
            for (String table : filled) {
                Optional<Scope.Parent> parent = ledger.parentOf(table).map(name -> new Scope.Parent(name, "parent"));
                Optional<Scope.Since> from = Optional.ofNullable(since.get(table));
                if (parent.isPresent() || from.isPresent()) {
                    scopes.put(table, new Scope(parent, from));
                }
                if (asked.contains(table)) {
                    scopes.merge(
                            table,
                            Scope.ALL.by(Scope.Word.ROW_OF_PARTIAL_LISTING),
                            (scope, partial) -> scope.by(partial.word()));
                }
            }
            return scopes;
        }

        @Override
        public Page read(Lane lane, Checkpoint from, int maxBytes) {
            reads.add(new Read(lane.id(), from));
            faults.at("read " + lane.id());
            Page page = lane.kind() == Lane.Kind.TAIL ? events(lane, from) : list(lane, from);
            answers.at("read " + lane.id());
            return page;
        }

        private Page list(Lane lane, Checkpoint from) {
            String table = lane.id().value().substring("backfill:".length());
            NavigableMap<String, String> rows = ledger.listAfter(table, value(from), pageSize);
            List<Change> changes = new ArrayList<>();
            rows.forEach((key, value) -> {
                boolean shown = !asked.contains(table) || !unlisted.test(value);
                if (lane.tables().contains(table) && shown) {
                    changes.add(new Change.Upsert(table, RowKey.of(key), Json.of(value)));
                }
                for (String child : ledger.childrenOf(table)) {
                    if (lane.tables().contains(child)) {
                        faults.at("list " + child);
                        changes.addAll(sets(child, key));
                    }
                }
            });
            boolean end = rows.size() < pageSize;
            Checkpoint next = rows.isEmpty() ? from : position(rows.lastKey());
            return new Page(changes, next, end || !unsafe.test(reads.size()), end);
        }

        private Page events(Lane lane, Checkpoint from) {
            List<Ledger.Event> events = ledger.eventsAfter(Integer.parseInt(value(from)), pageSize);
            List<Change> changes = new ArrayList<>();
            events.stream().filter(e -> lane.tables().contains(e.table())).forEach(e -> changes.add(change(lane, e)));
            boolean end = events.size() < pageSize;
            Checkpoint next = events.isEmpty()
                    ? from
                    : position(Integer.toString(events.getLast().number()));
            return new Page(changes, next, end || !unsafe.test(reads.size()), end);
        }

        private Change change(Lane lane, Ledger.Event event) {
            String value = ledger.get(event.table(), event.key());
            return lane.id().equals(EVENTS) || value == null
                    ? new Change.Hint(event.table(), RowKey.of(event.key()), event.deletion())
                    : new Change.Upsert(event.table(), RowKey.of(event.key()), Json.of(value));
        }

        @Override
        public List<Change> fetch(List<Change.Hint> hints, int maxBytes) {
            return fetch("fetch ", fetched, hints, maxBytes);
        }

        @Override
        public List<Change> confirm(List<Change.Hint> hints, int maxBytes) {
            return fetch("confirm ", confirmed, hints, maxBytes);
        }

        private List<Change> fetch(String point, List<Change.Hint> asked, List<Change.Hint> hints, int maxBytes) {
            List<Change> changes = new ArrayList<>();
            for (Change.Hint hint : hints) {
                faults.at(point + hint.table());
                asked.add(hint);
                String key = hint.key().parts().getFirst();
                faults.at(point + hint.table() + " " + key);
                if (ledger.parentOf(hint.table()).isPresent()) {
                    changes.addAll(sets(hint.table(), key));
                } else {
                    changes.addAll(present(hint.table(), key));
                }
                if (changes.stream().mapToLong(Change::bytes).sum() >= maxBytes) {
                    break;
                }
            }
            answers.at(point + hints.getFirst().table());
            return changes;
        }

        /** The row; where it is there, its children too. */
        private List<Change> present(String table, String key) {
            String value = ledger.get(table, key);
            if (value == null) {
                return List.of(new Change.Delete(table, RowKey.of(key)));
            }
            List<Change> changes = new ArrayList<>();
            changes.add(new Change.Upsert(table, RowKey.of(key), Json.of(value)));
            ledger.childrenOf(table).forEach(child -> changes.addAll(sets(child, key)));
            return changes;
        }

        /** All children of a row, in two pieces where there are several. */
        private List<Change> sets(String child, String parent) {
            List<Change.Upsert> rows = ledger.children(child, parent).entrySet().stream()
                    .map(e -> new Change.Upsert(child, RowKey.of(e.getKey()), Json.of(e.getValue())))
                    .toList();
            int half = rows.size() / 2;
            Change last = new Change.ChildSet(child, RowKey.of(parent), true, rows.subList(half, rows.size()));
            return half == 0
                    ? List.of(last)
                    : List.of(new Change.ChildSet(child, RowKey.of(parent), false, rows.subList(0, half)), last);
        }

        @Override
        public void close() {}
    }

    private TableShape shape(String name) {
        Column id = new Column("id", "id", ColumnType.TEXT, Encoding.PLAIN);
        Column parent = new Column("parent", "parent", ColumnType.TEXT, Encoding.PLAIN);
        return ledger.parentOf(name).isPresent()
                ? new TableShape(name, List.of(id, parent), List.of("id"), Optional.of("parent"))
                : new TableShape(name, List.of(id), List.of("id"));
    }
}

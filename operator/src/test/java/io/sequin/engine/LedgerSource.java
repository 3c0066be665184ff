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
import io.sequin.data.SourceConfig;
import io.sequin.data.TableShape;
import io.sequin.source.Lane;
import io.sequin.source.Page;
import io.sequin.source.SourceConnector;
import io.sequin.source.SourceContext;
import io.sequin.source.SourceSession;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;

/** A source over a ledger: lists tables by key, hands out events as hints, fetches present rows. */
final class LedgerSource implements SourceConnector {
    static final LaneId EVENTS = new LaneId("events");

    /** A read as asked for. */
    record Read(LaneId lane, Checkpoint from) {}

    final List<Read> reads = new CopyOnWriteArrayList<>();
    final List<Change.Hint> fetched = new CopyOnWriteArrayList<>();
    final AtomicInteger opened = new AtomicInteger();
    volatile Faults faults = Faults.NONE;
    volatile AccountId account = new AccountId("acct_1");
    volatile int pageSize = 3;
    /** Whether the page after so many reads says that it is not safe to stop at. */
    volatile IntPredicate unsafe = n -> false;

    private final Ledger ledger;
    private final Clock clock;

    LedgerSource(Ledger ledger, Clock clock) {
        this.ledger = ledger;
        this.clock = clock;
    }

    static LaneId firstPassOf(String table) {
        return new LaneId("backfill:" + table);
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
            return new Catalog(
                    ledger.tablesInOrder().stream().map(LedgerSource::shape).toList());
        }

        @Override
        public Instant sourceNow() {
            faults.at("now");
            return clock.instant();
        }

        @Override
        public List<Lane> plan(Catalog catalog, Instant sourceNow) {
            List<Lane> lanes = new ArrayList<>();
            for (TableShape shape : catalog.tables()) {
                lanes.add(
                        new Lane(firstPassOf(shape.name()), Lane.Kind.FIRST_PASS, Set.of(shape.name()), position("")));
            }
            lanes.add(new Lane(EVENTS, Lane.Kind.TAIL, ledger.names(), position(Integer.toString(ledger.lastEvent()))));
            return lanes;
        }

        @Override
        public Page read(Lane lane, Checkpoint from, int maxBytes) {
            reads.add(new Read(lane.id(), from));
            faults.at("read " + lane.id());
            return lane.kind() == Lane.Kind.TAIL
                    ? events(from)
                    : list(lane.tables().iterator().next(), from);
        }

        private Page list(String table, Checkpoint from) {
            NavigableMap<String, String> rows = ledger.listAfter(table, value(from), pageSize);
            List<Change> changes = new ArrayList<>();
            rows.forEach((key, value) -> changes.add(new Change.Upsert(table, RowKey.of(key), Json.of(value))));
            boolean end = rows.size() < pageSize;
            Checkpoint next = rows.isEmpty() ? from : position(rows.lastKey());
            return new Page(changes, next, end || !unsafe.test(reads.size()), end);
        }

        private Page events(Checkpoint from) {
            List<Ledger.Event> events = ledger.eventsAfter(Integer.parseInt(value(from)), pageSize);
            List<Change> hints = new ArrayList<>();
            events.forEach(e -> hints.add(new Change.Hint(e.table(), RowKey.of(e.key()), e.deletion())));
            boolean end = events.size() < pageSize;
            Checkpoint next = events.isEmpty()
                    ? from
                    : position(Integer.toString(events.getLast().number()));
            return new Page(hints, next, end || !unsafe.test(reads.size()), end);
        }

        @Override
        public List<Change> fetch(List<Change.Hint> hints) {
            List<Change> changes = new ArrayList<>();
            for (Change.Hint hint : hints) {
                faults.at("fetch " + hint.table());
                fetched.add(hint);
                String value = ledger.get(hint.table(), hint.key().parts().getFirst());
                changes.add(
                        value == null
                                ? new Change.Delete(hint.table(), hint.key())
                                : new Change.Upsert(hint.table(), hint.key(), Json.of(value)));
            }
            return changes;
        }

        @Override
        public void close() {}
    }

    private static TableShape shape(String name) {
        return new TableShape(name, List.of(new Column("id", "id", ColumnType.TEXT, Encoding.PLAIN)), List.of("id"));
    }
}

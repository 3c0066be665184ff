package io.sequin.source.stripe;

import io.sequin.data.AccountId;
import io.sequin.data.Catalog;
import io.sequin.data.Change;
import io.sequin.data.Checkpoint;
import io.sequin.data.LaneId;
import io.sequin.data.TableShape;
import io.sequin.source.Lane;
import io.sequin.source.Page;
import io.sequin.source.Purpose;
import io.sequin.source.SourceSession;
import io.sequin.source.http.Query;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** A Stripe account, open for reading. */
final class StripeSession implements SourceSession {
    private static final LaneId EVENTS = new LaneId("events");

    private final StripeApi api;
    private final StripeApi fetches;
    private final FirstPass firstPass;
    private final Tail tail;

    StripeSession(StripeApi api) {
        this.api = api;
        this.fetches = api.forPurpose(Purpose.FETCH);
        this.firstPass = new FirstPass(new PagedLists(api.forPurpose(Purpose.BACKFILL)));
        this.tail = new Tail(new PagedLists(api.forPurpose(Purpose.TAIL)));
    }

    @Override
    public AccountId account() {
        return api.account();
    }

    @Override
    public Catalog discover() {
        return StripeTable.catalog();
    }

    /** Asks for one event: shows before a long first pass that the key may follow the changes afterwards. */
    @Override
    public Instant sourceNow() {
        Reply reply = api.get(Tail.PATH, Query.NONE.and("limit", 1), StripeApi.MAX_OBJECT_BYTES);
        if (!reply.ok()) {
            throw StripeFailure.of(reply, Tail.PERMISSION, null);
        }
        return reply.sourceTime();
    }

    @Override
    public List<Lane> plan(Catalog catalog, Instant sourceNow) {
        List<Lane> lanes = new ArrayList<>();
        for (TableShape shape : catalog.tables()) {
            lanes.add(new Lane(
                    new LaneId("backfill:" + shape.name()),
                    Lane.Kind.FIRST_PASS,
                    Set.of(shape.name()),
                    FirstPassPosition.START.checkpoint()));
        }
        Set<String> tables = catalog.tables().stream().map(TableShape::name).collect(Collectors.toSet());
        TailPosition start =
                TailPosition.startingAt(sourceNow.minus(Tail.OVERLAP).getEpochSecond());
        lanes.add(new Lane(EVENTS, Lane.Kind.TAIL, tables, start.checkpoint()));
        return lanes;
    }

    @Override
    public Page read(Lane lane, Checkpoint from, int maxBytes) {
        return switch (lane.kind()) {
            case FIRST_PASS ->
                firstPass.read(lane, table(lane.tables().iterator().next()), from, maxBytes);
            case TAIL -> tail.read(lane, from, maxBytes);
        };
    }

    @Override
    public List<Change> fetch(List<Change.Hint> hints) {
        List<Change> changes = new ArrayList<>(hints.size());
        for (Change.Hint hint : hints) {
            changes.add(ObjectFetch.fetch(fetches, table(hint.table()), hint));
        }
        return changes;
    }

    /** Connections belong to the client that all sources share. */
    @Override
    public void close() {
        api.close();
    }

    private static StripeTable table(String name) {
        return StripeTable.named(name).orElseThrow(() -> new IllegalArgumentException("Stripe has no table " + name));
    }
}

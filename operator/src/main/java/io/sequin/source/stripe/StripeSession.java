package io.sequin.source.stripe;

import io.sequin.data.AccountId;
import io.sequin.data.Catalog;
import io.sequin.data.Change;
import io.sequin.data.Checkpoint;
import io.sequin.data.TableShape;
import io.sequin.source.Lane;
import io.sequin.source.Page;
import io.sequin.source.Purpose;
import io.sequin.source.RequestGate;
import io.sequin.source.SourceSession;
import io.sequin.source.http.Query;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/** A Stripe account, open for reading. */
final class StripeSession implements SourceSession {
    /** So long is a page of children that a fetch asks for. */
    private static final int FETCH_BYTES = 4 << 20;

    private final StripeApi api;
    private final FirstPass firstPass;
    private final Tail tail;
    private final NewRows newRows;
    private final Again again;
    private final ObjectFetch objects;
    private final ObjectFetch unlisted;
    private final OptionalLong since;
    private volatile Set<String> selected = Set.of();

    StripeSession(StripeApi api, OptionalLong since) {
        this.api = api;
        this.since = since;
        PagedLists changes = new PagedLists(api.forPurpose(Purpose.TAIL));
        StripeApi listing = api.forPurpose(Purpose.BACKFILL);
        PagedLists backfill = new PagedLists(listing);
        this.firstPass = new FirstPass(backfill, since);
        this.tail = new Tail(changes);
        this.newRows = new NewRows(changes);
        this.again = new Again(backfill, api.clock(), since);
        this.objects = new ObjectFetch(api.forPurpose(Purpose.FETCH), false);
        this.unlisted = new ObjectFetch(listing, true);
    }

    @Override
    public AccountId account() {
        return api.account();
    }

    @Override
    public Catalog discover() {
        return StripeTables.catalog();
    }

    /** Asks for one event: shows before a long first pass that the key may follow the changes afterwards. */
    @Override
    public Instant sourceNow() {
        Reply reply =
                api.get(Tail.PATH, Query.NONE.and("limit", 1), StripeApi.MAX_OBJECT_BYTES, RequestGate.Step.BEGINS);
        if (!reply.ok()) {
            throw StripeFailure.of(reply, Tail.PERMISSION, null);
        }
        return reply.sourceTime();
    }

    @Override
    public List<Lane> plan(Catalog catalog, Instant sourceNow) {
        selected = catalog.tables().stream().map(TableShape::name).collect(Collectors.toUnmodifiableSet());
        return LanePlan.of(selected, sourceNow.minus(Tail.OVERLAP), since);
    }

    @Override
    public Page read(Lane lane, Checkpoint from, int maxBytes) {
        String id = lane.id().value();
        if (lane.kind() == Lane.Kind.FIRST_PASS) {
            return firstPass.read(lane, LanePlan.list(lane), from, maxBytes);
        }
        if (lane.id().equals(LanePlan.EVENTS)) {
            return tail.read(lane, from, maxBytes);
        }
        return id.startsWith(NewRows.LANE)
                ? newRows.read(lane, LanePlan.table(lane), from, maxBytes)
                : again.read(lane, LanePlan.table(lane), LanePlan.list(lane), from, maxBytes);
    }

    @Override
    public List<Change> fetch(List<Change.Hint> hints, int maxBytes) {
        return fetch(objects, hints, maxBytes);
    }

    @Override
    public List<Change> confirm(List<Change.Hint> hints, int maxBytes) {
        return fetch(unlisted, hints, maxBytes);
    }

    private List<Change> fetch(ObjectFetch objects, List<Change.Hint> hints, int maxBytes) {
        List<Change> changes = new ArrayList<>(hints.size());
        long bytes = 0;
        for (Change.Hint hint : hints) {
            List<Change> row = objects.fetch(StripeTables.get(hint.table()), hint, selected, FETCH_BYTES);
            changes.addAll(row);
            bytes += row.stream().mapToLong(Change::bytes).sum();
            if (bytes >= maxBytes) {
                break;
            }
        }
        return changes;
    }

    /** Connections belong to the client that all sources share. */
    @Override
    public void close() {
        api.close();
    }
}

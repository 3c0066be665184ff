package io.sequin.engine;

import io.sequin.data.Change;
import io.sequin.data.Checkpoint;
import io.sequin.data.LaneId;
import io.sequin.data.Problem;
import io.sequin.data.ResyncRequest;
import io.sequin.data.RowKey;
import io.sequin.data.Scope;
import io.sequin.data.TablePhase;
import io.sequin.postgres.PostgresProblem;
import io.sequin.postgres.load.Batch;
import io.sequin.postgres.load.Committed;
import io.sequin.postgres.load.LaneState;
import io.sequin.postgres.load.Passes;
import io.sequin.postgres.load.ResyncState;
import io.sequin.postgres.load.TableStatus;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** Full passes of a database in memory. Not safe for threads. */
final class MemoryPasses {
    /** Rows that one sweep deletes at most. */
    private static final int CHUNK = 3;

    private final MemoryTables tables;
    private final Map<LaneId, LaneState> lanes;
    private final BiPredicate<String, RowKey> dirty;
    private final Map<LaneId, MemoryPass> passes = new HashMap<>();
    private Set<String> left = Set.of();
    private @Nullable ResyncRequest request;
    private @Nullable String handled;
    private boolean used;
    /** How many rows sweeps have deleted. */
    long swept;
    /** How many passes were begun. */
    int starts;

    /** Told of each row that is deleted, with what {@link #now} said when the pass began. */
    volatile Deleted deleted = (since, table, id) -> {};
    /** Some time that only grows. */
    volatile IntSupplier now = () -> 0;

    /** A row that a sweep deletes. */
    interface Deleted {
        void row(int since, String table, String id);
    }

    /** @param dirty whether a key is to be fetched */
    MemoryPasses(MemoryTables tables, Map<LaneId, LaneState> lanes, BiPredicate<String, RowKey> dirty) {
        this.tables = tables;
        this.lanes = lanes;
        this.dirty = dirty;
    }

    private Optional<String> running() {
        return Optional.ofNullable(request).map(ResyncRequest::token);
    }

    Optional<String> handled() {
        return Optional.ofNullable(handled);
    }

    /** As a crash of the server does. */
    void loseKeys() {
        passes.values().forEach(pass -> pass.keys.clear());
    }

    void clear() {
        passes.clear();
        left = Set.of();
        request = null;
        handled = null;
        used = false;
    }

    /** Of a table that was made anew. */
    void spoil(String table) {
        passes.values().stream().filter(pass -> pass.tables.contains(table)).forEach(pass -> pass.count = -1);
    }

    /** What a batch that is being committed has met. */
    void meet(Batch batch) {
        for (Change change : batch.changes()) {
            if (!(change instanceof Change.Delete)) {
                meet(change.table(), Set.of(change.key()));
            }
        }
        batch.met().forEach(this::meet);
        batch.phases().forEach((table, phase) -> {
            if (phase == TablePhase.FIRST_PASS) {
                spoil(table);
            }
        });
    }

    private void meet(String table, Set<RowKey> keys) {
        passes.values().stream().filter(pass -> pass.tables.contains(table)).forEach(pass -> {
            Set<RowKey> known = pass.keys.computeIfAbsent(table, t -> new HashSet<>());
            int before = known.size();
            known.addAll(keys);
            // one that is spoiled stays so
            pass.count += pass.count < 0 ? 0 : known.size() - before;
        });
    }

    ResyncState request(Optional<ResyncRequest> asked, Set<String> filled) {
        boolean untouched = !used && lanes.isEmpty();
        used = true;
        String token = asked.map(ResyncRequest::token).orElse(null);
        if (token == null || untouched || token.equals(handled)) {
            handled = token == null ? handled : token;
            end();
        } else if (asked.get().equals(request)) {
            left = new TreeSet<>(left);
            left.retainAll(filled);
            settle();
        } else {
            end();
            Set<String> unknown = new TreeSet<>(asked.get().tables());
            unknown.removeAll(filled);
            if (!unknown.isEmpty()) {
                return new ResyncState(handled(), running(), left, unknown, Map.of());
            }
            request = asked.get();
            left = request.tables().isEmpty() ? filled : request.tables();
        }
        return state();
    }

    private void end() {
        passes.clear();
        request = null;
        left = Set.of();
    }

    private void settle() {
        if (left.isEmpty() && request != null) {
            handled = request.token();
            request = null;
        }
    }

    private ResyncState state() {
        return new ResyncState(handled(), running(), left, Set.of(), Map.of());
    }

    LaneState start(LaneId lane, Passes.Listing over, Checkpoint start) {
        starts++;
        passes.put(lane, new MemoryPass(over, now.getAsInt()));
        LaneState before = lanes.get(lane);
        LaneState now = new LaneState(before == null ? 0 : before.seq() + 1, start);
        lanes.put(lane, now);
        return now;
    }

    Passes.Resumed resume(LaneId lane, Passes.Listing over) {
        MemoryPass pass = passes.get(lane);
        LaneState at = lanes.get(lane);
        if (pass == null) {
            return over.tables().stream().anyMatch(left::contains)
                    ? new Passes.Resumed.Anew()
                    : new Passes.Resumed.Over(state());
        }
        return at == null || !pass.what.equals(over) || !pass.isWhole()
                ? new Passes.Resumed.Anew()
                : new Passes.Resumed.Going(at, pass.complete);
    }

    /** A pass over one of them is lost with its keys. */
    void forget(Set<String> over) {
        over.forEach(this::spoil);
        passes.values().forEach(pass -> pass.keys.keySet().removeAll(over));
    }

    boolean isWhole(LaneId lane) {
        MemoryPass pass = passes.get(lane);
        return pass != null && pass.isWhole();
    }

    void complete(LaneId lane) {
        MemoryPass pass = passes.get(lane);
        if (pass != null) {
            pass.complete = true;
        }
    }

    Passes.Swept sweep(Passes.Sweep sweep, Instant now) {
        MemoryPass pass = passes.get(sweep.lane());
        if (pass == null || !pass.complete || !pass.isWhole()) {
            return new Passes.Swept.Lost();
        }
        Map<String, String> rows = tables.content().getOrDefault(sweep.table(), Map.of());
        List<String> gone = rows.keySet().stream()
                .filter(id -> isGone(pass, sweep.table(), keyOf(sweep.table(), id, scopeOf(sweep))))
                .toList();
        Scope scope = scopeOf(sweep);
        List<RowKey> ask = scope.word() == Scope.Word.LISTING
                ? List.of()
                : pass.toAsk(
                        sweep.table(),
                        gone.stream().map(id -> keyOf(sweep.table(), id, scope)).toList());
        if (!ask.isEmpty()) {
            return new Passes.Swept.Ask(ask);
        }
        if (pass.looked.add(sweep.table())) {
            return new Passes.Swept.More();
        }
        if (gone.isEmpty()) {
            return new Passes.Swept.Done();
        }
        if (sweep.guard().confirm().isEmpty()
                && gone.size() * 100 > rows.size() * sweep.guard().maxPercent()) {
            // whoever asks again counts again
            pass.looked.remove(sweep.table());
            return new Passes.Swept.Refused(Problem.of(
                    PostgresProblem.DELETES_NEED_CONFIRMATION, gone.size() + " of " + rows.size() + " rows"));
        }
        return new Passes.Swept.Some(delete(sweep, gone.subList(0, Math.min(CHUNK, gone.size())), now));
    }

    void asked(LaneId lane, String table, RowKey last) {
        MemoryPass pass = passes.get(lane);
        if (pass != null) {
            pass.asked.put(table, last);
        }
    }

    private static Scope scopeOf(Passes.Sweep sweep) {
        return sweep.scopes().getOrDefault(sweep.table(), Scope.ALL);
    }

    private RowKey keyOf(String table, String id, Scope scope) {
        return RowKey.of(scope.parent().isPresent() ? String.valueOf(tables.parentOf(table, id)) : id);
    }

    private boolean isGone(MemoryPass pass, String table, RowKey key) {
        return !pass.met(table, key) && !dirty.test(table, key);
    }

    private Committed delete(Passes.Sweep sweep, List<String> gone, Instant now) {
        Set<String> touched = new TreeSet<>(Set.of(sweep.table()));
        long deleted = 0;
        MemoryPass pass = Objects.requireNonNull(passes.get(sweep.lane()));
        for (String id : gone) {
            this.deleted.row(pass.since, sweep.table(), id);
            deleted += tables.apply(List.of(new Change.Delete(sweep.table(), RowKey.of(id))), now);
            for (Map.Entry<String, Scope> child : new TreeMap<>(sweep.scopes()).entrySet()) {
                if (tables.exists(child.getKey())
                        && child.getValue()
                                .parent()
                                .filter(p -> p.table().equals(sweep.table()))
                                .isPresent()) {
                    touched.add(child.getKey());
                    deleted += tables.apply(
                            List.of(new Change.ChildSet(child.getKey(), RowKey.of(id), true, List.of())), now);
                }
            }
        }
        swept += deleted;
        LaneState at = Objects.requireNonNull(lanes.get(sweep.lane()));
        LaneState next = new LaneState(at.seq() + 1, at.checkpoint());
        lanes.put(sweep.lane(), next);
        Map<String, TableStatus> statuses = new HashMap<>();
        touched.forEach(table -> statuses.put(table, tables.status(table)));
        return new Committed(next, statuses, Map.of(), deleted);
    }

    ResyncState finish(LaneId lane, Set<String> done) {
        passes.remove(lane);
        left = new TreeSet<>(left);
        left.removeAll(done);
        settle();
        return state();
    }
}

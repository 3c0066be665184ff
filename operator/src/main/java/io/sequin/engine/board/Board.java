package io.sequin.engine.board;

import io.sequin.data.AccountId;
import io.sequin.data.Catalog;
import io.sequin.data.LaneId;
import io.sequin.data.TableShape;
import io.sequin.engine.Pace;
import io.sequin.engine.Reached;
import io.sequin.engine.SyncSnapshot;
import io.sequin.engine.TableProgress;
import io.sequin.engine.Troubles;
import io.sequin.engine.trouble.Trouble;
import io.sequin.postgres.load.Claim;
import io.sequin.postgres.load.Committed;
import io.sequin.postgres.load.TableStatus;
import io.sequin.source.Lane;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What is known of a Sync, gathered from all its threads; publishes a snapshot at each change. */
public final class Board {
    private final Consumer<SyncSnapshot> publish;
    private final Clock clock;
    private final Instant since;
    /** Made for one, as most Syncs have; it grows. */
    private final Map<String, TableEntry> tables = LinkedHashMap.newLinkedHashMap(1);

    private final Troubling troubling = new Troubling();
    private boolean sourceReached;
    private boolean taken;
    private boolean committed;
    private @Nullable AccountId account;
    private @Nullable String storageId;
    private final Progress progress = new Progress();
    private List<String> retained = List.of();
    private Map<String, TableStatus> recorded = Map.of();
    private long rowsWritten;
    private @Nullable Instant lastSuccess;
    private final Beat beat = new Beat();
    private final ResyncBoard resync = new ResyncBoard(this::publish);

    /** @param clock for when something last succeeded */
    public Board(Consumer<SyncSnapshot> publish, Clock clock) {
        this.publish = publish;
        this.clock = clock;
        this.since = clock.instant();
    }

    /** As {@link Troubling}'s. */
    public synchronized void carry(LaneId lane, Trouble trouble) {
        troubling.carry(lane, trouble);
    }

    /** The lane whose trouble is carried still. */
    public synchronized Optional<LaneId> carrier() {
        return troubling.carrier();
    }

    /** Opening failed, or all is to be opened again because of this. */
    public synchronized void notOpen(Trouble trouble) {
        troubling.notOpen(trouble);
        publish();
    }

    /** The source has answered: who it is, and the tables that are filled. */
    public synchronized void reached(AccountId of, Catalog catalog) {
        sourceReached = true;
        account = of;
        Collection<String> names =
                catalog.tables().stream().map(TableShape::name).toList();
        tables.keySet().retainAll(names);
        names.forEach(name -> tables.putIfAbsent(name, TableEntry.UNKNOWN));
        publish();
    }

    /**
     * All is open.
     *
     * @param begun at least one batch of the data set was committed at some time
     * @param unselected tables that are kept and not filled any more
     * @param tails all there are
     */
    public synchronized void opened(
            String ofStorage, boolean begun, Collection<String> unselected, Collection<Lane> tails) {
        troubling.opened();
        taken = true;
        storageId = ofStorage;
        committed |= begun;
        retained = unselected.stream().sorted().toList();
        progress.of(tails);
        publish();
    }

    /** The schema has recorded this, all dirty keys among it; which of them can't be fetched nobody knows yet. */
    public synchronized void found(Claim claim) {
        recorded = claim.tables();
        tables.replaceAll((name, entry) ->
                entry.withDirty(claim.dirty().getOrDefault(name, 0L)).with(Optional.<TableEntry.Stuck>empty()));
        publish();
    }

    /** Of one table. */
    public synchronized void dirty(String table, long keys) {
        tables.computeIfPresent(table, (name, entry) -> entry.withDirty(keys));
        publish();
    }

    /** Number of keys that are to be fetched before the table is up to date. */
    public synchronized long dirty(String table) {
        return table(table).dirty();
    }

    /** The table is there and ours. */
    public synchronized void ensured(String table, TableStatus status) {
        tables.computeIfPresent(table, (name, entry) -> entry.ensured(status));
        publish();
    }

    /** The table is not ours or can't be made. */
    public synchronized void refused(String table, Trouble why) {
        tables.computeIfPresent(table, (name, entry) -> entry.refused(why));
        publish();
    }

    /** Whether the table is known to be there and ours. */
    public synchronized boolean isEnsured(String table) {
        return table(table).status().isPresent();
    }

    /** Whether its first pass is complete. */
    public synchronized boolean isLive(String table) {
        return table(table).live();
    }

    /** Whether changes may be applied to it; else their keys get dirty. */
    public synchronized boolean takesRows(String table) {
        return table(table).takesRows();
    }

    /** All that is known of a table. */
    public synchronized TableEntry table(String name) {
        return tables.getOrDefault(name, TableEntry.UNKNOWN);
    }

    /** Whether something is wrong with the table. */
    public synchronized boolean isFailing(String table) {
        return table(table).shown().isPresent();
    }

    /** Its first pass has begun. */
    public synchronized void started(String table) {
        tables.computeIfPresent(table, (name, entry) -> entry.withStarted());
        publish();
    }

    /** A table does not take rows; or something else of the lane that fills it failed. */
    public synchronized void failed(LaneId lane, Trouble trouble) {
        trouble.table().ifPresent(of -> tables.computeIfPresent(of, (name, entry) -> entry.with(trouble)));
        troubling.met(lane, trouble);
        publish();
    }

    /** A tail does not get on: shown with the table it concerns, or with the area. */
    public synchronized void tailFailed(LaneId lane, Trouble trouble) {
        trouble.table().ifPresent(of -> tables.computeIfPresent(of, (name, entry) -> entry.with(lane, trouble)));
        troubling.met(lane, trouble);
        publish();
    }

    /** A lane got on: it has committed this. */
    public synchronized void committed(LaneId lane, Committed done) {
        troubling.committed(lane);
        committed = true;
        rowsWritten += done.changed();
        lastSuccess = clock.instant();
        done.tables()
                .forEach((table, status) -> tables.computeIfPresent(
                        table, (name, entry) -> entry.with(status).without(lane)));
        done.dirty()
                .forEach((table, more) ->
                        tables.computeIfPresent(table, (name, entry) -> entry.withDirty(entry.dirty() + more)));
        publish();
    }

    /** The lane of a first pass has nothing left to do: whatever was wrong with it is over. */
    public synchronized void finished(Lane lane) {
        troubling.over(lane.id());
        lane.tables().forEach(table -> tables.computeIfPresent(table, (name, entry) -> entry.settled()));
        publish();
    }

    /** What was dirty of a table is fetched and written: it takes rows again, whatever is wrong with others of its lane. */
    public synchronized void caughtUp(String table) {
        tables.computeIfPresent(table, (name, entry) -> entry.settled());
        publish();
    }

    /** Some dirty keys of a table can't be fetched, and the table goes on; empty: none. */
    public synchronized void stuck(String table, Optional<TableEntry.Stuck> rows) {
        tables.computeIfPresent(table, (name, entry) -> entry.with(rows));
        publish();
    }

    /** A re-sync does not get on; its tables do. */
    public void resyncFailed(Lane lane, Trouble trouble) {
        if (trouble.table().isPresent()) {
            isWell(lane.id());
            resync.waits(trouble.table().get(), trouble.problem());
        } else {
            failed(lane.id(), trouble);
        }
    }

    /** Whatever was wrong with a lane is over. */
    public synchronized void isWell(LaneId lane) {
        troubling.over(lane);
        publish();
    }

    /** A re-sync got on with a table, and has written next to nothing. */
    public synchronized void looked(LaneId lane, String table) {
        resync.looked(table);
        if (troubling.looked(lane)) {
            publish();
        }
        beat();
    }

    /** What is known of its re-syncs. */
    public ResyncBoard resync() {
        return resync;
    }

    /** Whether the account does not have the product. */
    public synchronized boolean isNotOffered(String table) {
        return table(table).isNotOffered();
    }

    /** A first pass got on with these; of several tables it may list one again from the start that it had left out. */
    public synchronized void advanced(Lane pass, Set<String> filled) {
        boolean again = pass.tables().size() > 1;
        filled.forEach(table -> tables.computeIfPresent(table, (name, entry) -> entry.advanced(again)));
        publish();
    }

    /** A poll found its end: everything that had happened when it began, by our clock, is applied. */
    public synchronized void caughtUp(Lane lane, Instant began) {
        troubling.over(lane.id());
        progress.caughtUp(lane, began);
        lane.tables().forEach(table -> tables.computeIfPresent(table, (name, entry) -> entry.without(lane.id())));
        lastSuccess = clock.instant();
        publish();
    }

    /** Says that a lane is alive, once a second at most. */
    public synchronized void beat() {
        if (beat.isDue(clock.instant())) {
            publish();
        }
    }

    private synchronized void publish() {
        List<TableProgress> told = tables.entrySet().stream()
                .map(e -> e.getValue().progress(e.getKey(), Optional.ofNullable(recorded.get(e.getKey()))))
                .toList();
        publish.accept(new SyncSnapshot(
                new Troubles(
                        troubling.in(Trouble.Area.DESTINATION),
                        troubling.in(Trouble.Area.SOURCE),
                        troubling.in(Trouble.Area.SCHEMA)),
                new Reached(
                        sourceReached,
                        taken,
                        committed,
                        Optional.ofNullable(account),
                        Optional.ofNullable(storageId),
                        since),
                told,
                retained,
                new Pace(
                        told.stream()
                                .<Instant>flatMap(table -> table.lastChange().stream())
                                .max(Comparator.naturalOrder()),
                        progress.slowest(table -> table(table).current(), this::isFailing),
                        rowsWritten,
                        Optional.ofNullable(lastSuccess)),
                resync.progress(),
                Optional.empty()));
    }
}

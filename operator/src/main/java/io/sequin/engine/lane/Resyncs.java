package io.sequin.engine.lane;

import io.sequin.data.DeleteGuard;
import io.sequin.data.LaneId;
import io.sequin.data.Scope;
import io.sequin.engine.trouble.Retry;
import io.sequin.postgres.load.LaneState;
import io.sequin.postgres.load.Passes;
import io.sequin.postgres.load.ResyncState;
import io.sequin.source.Lane;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The re-syncs that are asked for: each has a lane of its own over live tables, which reads what a first pass of the source
 * reads.
 *
 * @param listings by the lane's track: the source's own lane, for the tables to be synced again
 * @param scopes of all tables that are filled
 * @param foreign tables that may hold rows of an account that is not synced any more
 * @param guard how much they may delete
 */
public record Resyncs(
        Map<LaneTrack, Lane> listings, Map<String, Scope> scopes, Set<String> foreign, DeleteGuard guard) {
    private static final String PREFIX = "resync:";

    /**
     * Those that are left to do.
     *
     * @param lanes all of the source
     */
    public static Resyncs of(ResyncState state, List<Lane> lanes, DeleteGuard guard, Supplier<Retry> retries) {
        Map<LaneTrack, Lane> listings = new LinkedHashMap<>();
        Map<String, Scope> scopes = new HashMap<>();
        for (Lane lane : lanes) {
            scopes.putAll(lane.scopes());
            Set<String> others = new TreeSet<>(lane.tables());
            others.removeAll(state.left());
            Lane listing = lane.without(others);
            if (lane.kind() == Lane.Kind.FIRST_PASS && !listing.tables().isEmpty()) {
                listings.put(track(listing, retries.get()), listing);
            }
        }
        state.foreign()
                .forEach(
                        (table, before) -> scopes.computeIfPresent(table, (name, scope) -> scope.withOwnSince(before)));
        return new Resyncs(
                listings, Map.copyOf(scopes), Set.copyOf(state.foreign().keySet()), guard);
    }

    private static LaneTrack track(Lane listing, Retry retry) {
        Lane own = new Lane(lane(listing.id()), listing.kind(), listing.tables(), listing.start());
        LaneTrack track = new LaneTrack(own, new LaneState(0, listing.start()), retry);
        // the database knows how far it is
        track.forget();
        return track;
    }

    /** The lane that syncs again what a first pass fills. */
    static LaneId lane(LaneId firstPass) {
        return new LaneId(PREFIX + firstPass);
    }

    /** The source's own lane that a re-sync reads. */
    public Lane listing(LaneTrack track) {
        Lane listing = listings.get(track);
        if (listing == null) {
            throw new IllegalStateException("lane " + track.lane().id() + " syncs nothing again");
        }
        return listing;
    }

    /** Of a track's tables those that may hold rows of an account that is not synced any more. */
    public Set<String> mayHoldOthers(LaneTrack track) {
        Set<String> some = new TreeSet<>(track.lane().tables());
        some.retainAll(foreign);
        return some;
    }

    /** What a track's pass lists. */
    public Passes.Listing extent(LaneTrack track) {
        Map<String, Instant> floors = new HashMap<>();
        for (String table : track.lane().tables()) {
            Scope scope = scopes.getOrDefault(table, Scope.ALL);
            scope.since().ifPresent(since -> floors.put(table, since.floor()));
        }
        return new Passes.Listing(track.lane().tables(), floors);
    }

    /**
     * The filled tables that tell which rows of a track's tables its list can bring: where a list begins at some time, and
     * that time is one of their rows'.
     */
    public Set<String> parents(LaneTrack track) {
        return track.lane().tables().stream()
                .map(table -> scopes.getOrDefault(table, Scope.ALL))
                .filter(scope -> scope.since().isPresent())
                .flatMap(scope -> scope.parent().stream())
                .map(Scope.Parent::table)
                .filter(scopes::containsKey)
                .collect(Collectors.toSet());
    }

    /** A table, and those whose rows belong to rows of it. */
    public Set<String> withChildren(String table) {
        Set<String> tables = new TreeSet<>(Set.of(table));
        scopes.forEach((child, scope) ->
                scope.parent().filter(parent -> parent.table().equals(table)).ifPresent(parent -> tables.add(child)));
        return tables;
    }

    /** Of all re-syncs that are left to do. */
    public Set<LaneTrack> tracks() {
        return listings.keySet();
    }
}

package io.sequin.source.stripe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sequin.data.Change;
import io.sequin.data.Checkpoint;
import io.sequin.data.Json;
import io.sequin.data.LaneId;
import io.sequin.data.RowKey;
import io.sequin.data.SmallMap;
import io.sequin.source.Lane;
import io.sequin.source.Page;
import io.sequin.source.stripe.TableSpec.Rhythm;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Lists again and again what changes without an event: the whole table, or from the oldest row on that is still open. A
 * list of one page that is as it was before is not handed out, so that it costs no write; but now and then it is, since its
 * rows may have been written by others meanwhile.
 */
final class Again {
    static final String LANE = "again:";

    /** So long after it was handed out a list that is as it was is handed out all the same. */
    static final Duration TOLD = Duration.ofHours(6);

    private final Listing listing;
    private final Clock clock;
    private final OptionalLong since;
    private final SmallMap<LaneId, Instant> told = new SmallMap<>();

    /**
     * With the lists of one purpose.
     *
     * @param since only objects made at or after this second, where a list can be cut by that
     */
    Again(PagedLists lists, Clock clock, OptionalLong since) {
        this.listing = new Listing(lists);
        this.clock = clock;
        this.since = since;
    }

    /**
     * How far it has come.
     *
     * @param open when the oldest open row was made, as the last walk saw it, or where none is open a little before the
     *     newest object; seconds since 1970
     * @param oldest the same, of this walk so far; {@link Long#MAX_VALUE}: none
     * @param newest when the newest object was made that this walk has seen; 0: none, or not known
     * @param seen what the last walk read, where it was one page; else empty
     */
    record Position(Spot spot, long open, long oldest, long newest, String seen) {
        /** The first walk reads all: only so does it know which rows are open. */
        static final Position START = new Position(Spot.START, 0, Long.MAX_VALUE, 0, "");

        static Position of(Checkpoint checkpoint) {
            JsonNode node = Checkpoints.read(checkpoint);
            return new Position(
                    Spot.of(node),
                    node.path("open").asLong(),
                    node.path("oldest").asLong(Long.MAX_VALUE),
                    node.path("newest").asLong(),
                    node.path("seen").asText());
        }

        Checkpoint checkpoint() {
            ObjectNode node = Checkpoints.empty().put("open", open);
            spot.write(node);
            if (oldest != Long.MAX_VALUE) {
                node.put("oldest", oldest);
            }
            if (newest != 0) {
                node.put("newest", newest);
            }
            if (!seen.isEmpty()) {
                node.put("seen", seen);
            }
            return Checkpoints.write(node);
        }
    }

    Page read(Lane lane, StripeTable table, StripeTable list, Checkpoint from, int maxBytes) {
        Position at = Position.of(from);
        Set<String> open = open(table);
        OptionalLong least = open.isEmpty() ? since : OptionalLong.of(Math.max(at.open(), since.orElse(0)));
        Listing.Part part = listing.read(new Listing.Walk(lane.id(), list, lane.tables(), least), at.spot(), maxBytes);
        long oldest = at.oldest();
        for (Listing.Mark mark : part.marks()) {
            if (open.contains(mark.status())) {
                oldest = Math.min(oldest, mark.created());
            }
        }
        long newest = Math.max(at.newest(), part.newest());
        if (!part.end()) {
            Position next = new Position(part.next(), at.open(), oldest, newest, "");
            return new Page(part.changes(), next.checkpoint(), part.safe(), false);
        }
        String seen = at.spot().equals(Spot.START) ? digest(part.changes()) : "";
        Instant now = clock.instant();
        if (!seen.isEmpty() && seen.equals(at.seen()) && isTold(lane.id(), now)) {
            return new Page(List.of(), from, true);
        }
        told.put(lane.id(), now);
        // where none is open, what comes later may be: the newest object we saw is as far as we know
        long floor = Math.min(oldest, Math.max(at.open(), newest - Tail.OVERLAP.toSeconds()));
        return new Page(part.changes(), new Position(Spot.START, floor, Long.MAX_VALUE, 0, seen).checkpoint(), true);
    }

    /** Whether its list was handed out lately; not where the clock was set back since, as it would be for as long. */
    private boolean isTold(LaneId lane, Instant now) {
        return told.get(lane)
                .filter(last -> Duration.between(last, now).abs().compareTo(TOLD) < 0)
                .isPresent();
    }

    /** The states in which a row is not final. */
    static Set<String> open(StripeTable table) {
        return switch (table.spec().rhythm()) {
            case Rhythm.NewRows rows -> rows.open();
            case Rhythm.OpenRows rows -> rows.open();
            case Rhythm.Events none -> Set.of();
            case Rhythm.WholeList none -> Set.of();
        };
    }

    private static String digest(List<Change> changes) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            RowKey inside = null;
            for (Change change : changes) {
                // of the set of one parent the pieces may be others each time
                boolean goesOn =
                        change instanceof Change.ChildSet && change.key().equals(inside);
                inside = change instanceof Change.ChildSet ? change.key() : null;
                if (!goesOn) {
                    sha.update(change.key().parts().getFirst().getBytes(StandardCharsets.UTF_8));
                }
                rows(change).forEach(row -> digest(row, sha));
            }
            return HexFormat.of().formatHex(sha.digest());
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static List<Change.Upsert> rows(Change change) {
        return switch (change) {
            case Change.Upsert row -> List.of(row);
            case Change.ChildSet set -> set.rows();
            case Change.Delete gone -> List.of();
            case Change.Hint hint -> List.of();
        };
    }

    private static void digest(Change.Upsert row, MessageDigest sha) {
        Json json = row.object();
        sha.update(json.bytes(), json.offset(), json.length());
    }
}

package io.sequin.source.stripe;

import io.sequin.data.Checkpoint;
import io.sequin.source.Lane;
import io.sequin.source.Page;
import java.util.OptionalLong;

/** Lists a table, or those of a parent and its children, once. */
final class FirstPass {
    static final String LANE = "backfill:";

    private final Listing listing;
    private final OptionalLong since;

    /**
     * With the lists of one purpose.
     *
     * @param since only objects made at or after this second, where a list can be cut by that
     */
    FirstPass(PagedLists lists, OptionalLong since) {
        this.listing = new Listing(lists);
        this.since = since;
    }

    Page read(Lane lane, StripeTable list, Checkpoint from, int maxBytes) {
        Spot at = Spot.of(from);
        Listing.Part part = listing.read(new Listing.Walk(lane.id(), list, lane.tables(), since), at, maxBytes);
        Checkpoint next = part.next().equals(at) ? from : part.next().checkpoint();
        return new Page(part.changes(), next, part.safe(), part.end());
    }
}

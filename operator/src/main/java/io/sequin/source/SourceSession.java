package io.sequin.source;

import io.sequin.data.AccountId;
import io.sequin.data.Catalog;
import io.sequin.data.Change;
import io.sequin.data.Checkpoint;
import java.time.Instant;
import java.util.List;

/**
 * A source opened with one credential. Has no threads, retries or waits of its own: the engine has them. Safe for use
 * by several lanes at once. Every call may block on the network, answers an interrupt, and throws
 * {@link SourceException}; reads the credential anew when it was refused or rotated.
 */
public interface SourceSession extends AutoCloseable {
    /** The account the credential belongs to; asks the source. */
    AccountId account();

    Catalog discover();

    /** The source's clock, from an answer's header: cutoffs must not depend on ours. */
    Instant sourceNow();

    /**
     * The lanes that fill and follow these tables.
     *
     * @param sourceNow taken before any read: a tail begins here, less an overlap
     */
    List<Lane> plan(Catalog catalog, Instant sourceNow);

    /** Reads on from a checkpoint. An empty answer at the end returns an equal checkpoint. */
    Page read(Lane lane, Checkpoint from, int maxBytes);

    /**
     * The present state of these rows: an Upsert or a Delete for each, in any order.
     *
     * @throws SourceException with a table where the trouble is that table's alone; then the others can be fetched
     */
    List<Change> fetch(List<Change.Hint> hints);

    @Override
    void close();
}

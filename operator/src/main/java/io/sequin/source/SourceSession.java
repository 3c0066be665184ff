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

    /**
     * Reads on from a checkpoint. An empty answer at the end returns an equal checkpoint.
     *
     * @param lane one of those planned, or the same with some of its tables left out, whose rows can't be had or
     *     written now: the read must neither fail for them nor bring their rows, and go on for the others
     * @throws SourceException with a table where only that table of the lane can't be had
     */
    Page read(Lane lane, Checkpoint from, int maxBytes);

    /**
     * The present state of these rows, in any order: an Upsert or a Delete for each; for a hint of a table with a parent
     * that parent's ChildSets, the last of them complete. The answer for a parent may bring its ChildSets too; where those
     * can't be had it brings the parent alone, and only a hint of the children's own table fails. Rows of tables that the
     * Sync does not fill are ignored.
     *
     * @param hints of one table; at least one
     * @param maxBytes once its objects take so many bytes it leaves out whole rows: the caller asks for them again. It
     *     never leaves out all, so a single larger row may exceed it.
     * @throws SourceException with a table where the trouble is that table's alone; then the others can be fetched
     */
    List<Change> fetch(List<Change.Hint> hints, int maxBytes);

    /** The same of all of them, whatever they take. */
    default List<Change> fetch(List<Change.Hint> hints) {
        return fetch(hints, Integer.MAX_VALUE);
    }

    /**
     * The same of rows that a first pass's list did not bring: whether they are still there. Never waits before what keeps
     * live data current.
     */
    List<Change> confirm(List<Change.Hint> hints, int maxBytes);

    @Override
    void close();
}

package io.sequin.data;

/** What becomes of a row that the source deleted. */
public enum Deletes {
    /** It goes. */
    HARD,
    /** It stays, with the time of its deletion in {@code _sync_deleted_at}; where it returns, that is null again. */
    SOFT
}

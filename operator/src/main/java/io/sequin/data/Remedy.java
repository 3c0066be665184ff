package io.sequin.data;

/** Who or what cures a problem; decides how long it may last before a resource counts as stalled. */
public enum Remedy {
    /** Only an edit of this object cures it, or security refuses it. */
    INVALID,
    /** Another object or a person must act: a Secret, a key, a grant, a wrong password. */
    WAITING,
    /** It is expected to pass by itself. */
    TRANSIENT,
    /** Our own mistake. */
    BUG
}

package io.sequin.postgres.load.row;

/** A record that Postgres can't take. */
public final class UnfitRecord extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Unfit why;

    UnfitRecord(Unfit why) {
        super(why.words(), null, false, false);
        this.why = why;
    }

    /** What is the matter with it. */
    public Unfit why() {
        return why;
    }
}

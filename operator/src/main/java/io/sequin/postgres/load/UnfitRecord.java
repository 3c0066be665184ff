package io.sequin.postgres.load;

/** A record that Postgres can't take. */
final class UnfitRecord extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Unfit why;

    UnfitRecord(Unfit why) {
        super(why.words(), null, false, false);
        this.why = why;
    }

    Unfit why() {
        return why;
    }
}

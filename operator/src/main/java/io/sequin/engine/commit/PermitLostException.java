package io.sequin.engine.commit;

/** The permit to run was taken away: nothing may be committed any more. */
public final class PermitLostException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public PermitLostException() {
        super("the permit to run is lost");
    }
}

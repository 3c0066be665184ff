package io.sequin.engine;

/** The permit to run was taken away: nothing may be committed any more. */
final class PermitLostException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    PermitLostException() {
        super("the permit to run is lost");
    }
}
